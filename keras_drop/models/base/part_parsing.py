"""What the part-based models do alike before the parts are pooled."""

import keras

from keras_drop.layers import ParsingGuidedPooling, PixelToPartClassifier
from keras_drop.ops import foreground_mask


def parsed_parts(features, num_parts):
    """Which part each cell of a feature map shows.

    Args:
        features: `(batch, height, width, channels)`.
        num_parts: Number of body parts, without the background.

    Returns:
        Logits and their softmax, in float32, both
        `(batch, height, width, 1 + num_parts)`, background first.
    """
    part_logits = PixelToPartClassifier(num_parts, name="part_classifier")(
        features
    )
    part_maps = keras.layers.Softmax(dtype="float32", name="part_maps")(
        part_logits
    )
    return part_logits, part_maps


def whole_body_vectors(features, part_maps):
    """Means of the map, plain and weighted by the foreground mask.

    Args:
        features: `(batch, height, width, channels)`.
        part_maps: `(batch, height, width, 1 + parts)`, background first.

    Returns:
        The global and the foreground vector, `(batch, channels)`; both are
        divided by the number of cells.
    """
    foreground = ParsingGuidedPooling(
        mode="avg", normalize="grid", name="foreground_pooling"
    )(features, foreground_mask(part_maps)[..., None])
    whole = keras.layers.GlobalAveragePooling2D(
        dtype="float32", name="global_pooling"
    )(features)
    return whole, foreground[:, 0, :]
