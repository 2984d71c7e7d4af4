"""From a ViT to the tokens that the models read."""

import keras

from keras_drop.models.backbones import backbones_of_kind
from keras_drop.models.base.normalised_images import normalised_images


def vit_features(backbone, names):
    """Input of pixel values, and features of the normalised images by name.

    Images are normalised as the backbone's `image_mean` and
    `image_deviation` say.

    Args:
        backbone: `ViTBackbone`.
        names: Keys of its `feature_outputs`.

    Returns:
        `keras.KerasTensor` of RGB values in `[0, 255]`, or for a backbone
        with camera embeddings the dictionary of `images` and `cameras`; and
        the dictionary of the features.

    Raises:
        ValueError: A backbone without these features.
    """
    features = getattr(backbone, "feature_outputs", {})
    missing = set(names) - set(features)
    if missing:
        raise ValueError(
            f"This model reads the tokens of a ViT; {backbone.name} has no "
            f"{', '.join(sorted(missing))}. Use a ViT, such as "
            f"{', '.join(backbones_of_kind('tokens'))}."
        )
    images = keras.Input(backbone.image_shape, name="images")
    inputs = images
    given = normalised_images(
        images, backbone.image_mean, backbone.image_deviation
    )
    if backbone.num_cameras:
        cameras = keras.Input((), dtype="int32", name="cameras")
        inputs = {"images": images, "cameras": cameras}
        given = {"images": given, "cameras": cameras}
    tokens = keras.Model(
        backbone.input, {name: features[name] for name in names}, name="vit"
    )
    return inputs, tokens(given)
