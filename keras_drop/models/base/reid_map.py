"""From a backbone to the maps that the models read."""

import keras

from keras_drop.checks import is_whole
from keras_drop.layers import PyramidConcatenation
from keras_drop.layers.maps.pyramid_concatenation import STRIDES
from keras_drop.models.backbones import HRNetBackbone, backbones_of_kind
from keras_drop.models.base.normalised_images import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    normalised_images,
)

STAGES = ("P2", "P3", "P4", "P5")


def image_pyramid(backbone, mean=IMAGENET_MEAN, deviation=IMAGENET_DEVIATION):
    """Input of pixel values, and the four maps S1 to S4 of the backbone.

    Args:
        backbone: The backbone.
        mean: Of its images, from 0 to 1, one number a channel. A backbone
            with an `image_mean` and an `image_deviation` was trained by these.
        deviation: Standard deviation of its images, as `mean`.

    Returns:
        `keras.KerasTensor` of RGB values in `[0, 255]`, and the list of the
        four maps of the normalised images, finest first.

    Raises:
        ValueError: A backbone without four maps, or without a fixed size.
    """
    shape = tuple(backbone.image_shape)
    if not all(shape):
        raise ValueError(
            f"The backbone takes images of any size ({shape}); build it for "
            "one size, for example `resnet50((256, 128))`."
        )
    # A ViT has no pyramid at all.
    missing = set(STAGES) - set(getattr(backbone, "pyramid_outputs", ()))
    if missing:
        raise ValueError(
            f"This model reads the maps {', '.join(STAGES)} of a backbone; "
            f"{backbone.name} has no {', '.join(sorted(missing))}. Use a "
            "backbone that has them, such as "
            f"{', '.join(backbones_of_kind('pyramid'))}."
        )
    images = keras.Input(shape, name="images")
    normalised = normalised_images(
        images,
        getattr(backbone, "image_mean", mean),
        getattr(backbone, "image_deviation", deviation),
    )
    pyramid = keras.Model(
        backbone.inputs,
        [backbone.pyramid_outputs[stage] for stage in STAGES],
        name="pyramid",
    )
    return images, pyramid(normalised)


def reid_map(backbone, stages, stride=None):
    """The map that is pooled to embeddings.

    A ResNet gives its last stage, at stride 16 when the last stage keeps the
    resolution, resized bilinearly (half-pixel) for a finer one. HRNet gives
    all its stages, brought to one stride.

    Args:
        backbone: The backbone.
        stages: Its four maps.
        stride: 16, 8 or 4. Left out, BPBReID's own map: stride 4 for HRNet,
            the last stage for others.

    Raises:
        ValueError: Another stride, or one coarser than the last stage.
    """
    if stride is not None and not is_whole(stride):
        raise ValueError(
            f"`reid_stride` is {stride!r}; it is a whole number: 16, 8 or 4."
        )
    if isinstance(backbone, HRNetBackbone):
        return PyramidConcatenation(stride or 4, name="reid_map")(stages)
    actual = backbone.image_shape[0] // stages[-1].shape[1]
    if stride in STRIDES and stride < actual < 32:
        return keras.layers.UpSampling2D(
            actual // stride, interpolation="bilinear", name="reid_map"
        )(stages[-1])
    if stride not in (None, actual):
        argument = "stackwise_num_strides=[1, 2, 2, 1]"
        if hasattr(backbone, "last_stride"):
            argument = "last_stride=1"
        raise ValueError(
            f"The last stage of {type(backbone).__name__} has stride {actual}; "
            f"`reid_stride={stride}` (`reid_map.stride` of DROP) needs HRNet, "
            f"or a backbone whose last stage has stride 16 (`{argument}` makes "
            "it so), and is 16, 8 or 4."
        )
    return stages[-1]
