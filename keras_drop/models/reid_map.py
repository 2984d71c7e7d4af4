"""From a backbone to the maps that the models read."""

import keras

from keras_drop.layers import PyramidConcatenation
from keras_drop.models.backbones import HRNetBackbone

STAGES = ("P2", "P3", "P4", "P5")
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


def image_pyramid(backbone):
    """Input of pixel values, and the four maps S1 to S4 of the backbone.

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
    missing = set(STAGES) - set(backbone.pyramid_outputs)
    if missing:
        raise ValueError(
            f"The models read the maps {', '.join(STAGES)} of a backbone; "
            f"{backbone.name} has no {', '.join(sorted(missing))}."
        )
    images = keras.Input(shape, name="images")
    normalised = keras.layers.Rescaling(
        [1 / (255 * deviation) for deviation in _IMAGENET_DEVIATION],
        [
            -mean / deviation
            for mean, deviation in zip(_IMAGENET_MEAN, _IMAGENET_DEVIATION)
        ],
        name="normalised",
    )(images)
    pyramid = keras.Model(
        backbone.inputs,
        [backbone.pyramid_outputs[stage] for stage in STAGES],
        name="pyramid",
    )
    return images, pyramid(normalised)


def reid_map(backbone, stages, stride=None):
    """The map that is pooled to embeddings.

    A ResNet gives its last stage, at stride 16 when the last stage keeps the
    resolution. HRNet gives all its stages, brought to one stride.

    Args:
        backbone: The backbone.
        stages: Its four maps.
        stride: 16, 8 or 4, for HRNet; 16 for others. Left out, BPBReID's own
            map: stride 4 for HRNet, the last stage for others.

    Raises:
        ValueError: A stride that the backbone's last stage does not have.
    """
    if isinstance(backbone, HRNetBackbone):
        return PyramidConcatenation(stride or 4, name="reid_map")(stages)
    actual = backbone.image_shape[0] // stages[-1].shape[1]
    if stride not in (None, actual):
        raise ValueError(
            f"The last stage of {type(backbone).__name__} has stride {actual}; "
            f"`reid_stride={stride}` needs HRNet, or a backbone whose last "
            f"stage has that stride (`stackwise_num_strides=[1, 2, 2, 1]` "
            "makes it 16)."
        )
    return stages[-1]
