"""ResNet-18 and ResNet-50, untrained; images are already normalised.

They end at stride 4, 8, 16 and 16, found as `P2`, `P3`, `P4` and `P5` in
`pyramid_outputs`.

ImageNet weights: `load_checkpoint` reads the files of torchvision. KerasHub has
presets, from a later training: `keras_hub.models.ResNetBackbone.from_preset(
"resnet_50_imagenet", stackwise_num_strides=[1, 2, 2, 1], image_shape=(256, 128,
3))`.
"""

import re

import keras_hub

from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.convolution_weights import (
    convolution_weights,
)
from keras_drop.models.backbones.image_shape import image_shape_of
from keras_drop.models.backbones.named_backbones import named_backbone

_LAYER = re.compile(r"stack(\d)_block(\d+)_(\d)_(conv|bn)")


def _torchvision_weights(backbone, path):
    return convolution_weights(
        backbone, lambda layer: _torchvision_name(backbone, layer)
    )


def _torchvision_name(backbone, layer):
    stem = {"conv1_conv": "conv1", "conv1_bn": "bn1"}
    if layer.name in stem and len(backbone.input_conv_filters) == 1:
        return stem[layer.name]
    match = _LAYER.fullmatch(layer.name)
    if match is None or backbone.block_type.endswith("_vd"):
        raise ValueError(
            "Only plain ResNets have public names, without `_vd` blocks and "
            f"pre-activation; this one has the layer {layer.name!r}. Use "
            "`keras_hub.models.ResNetBackbone.from_preset` instead."
        )
    stack, block, index, kind = match.groups()
    path = f"layer{int(stack) + 1}.{block}"
    if index == "0":
        return f"{path}.downsample.{('conv', 'bn').index(kind)}"
    return f"{path}.{kind}{index}"


_TORCHVISION = CheckpointFormat(
    keras_hub.models.ResNetBackbone, _torchvision_weights, unused=("fc.",)
)


@named_backbone("pyramid", _TORCHVISION)
def resnet18(image_size):
    """ResNet-18 whose last stage keeps stride 16, for small runs.

    Args:
        image_size: `(height, width)`, multiples of 32.

    Returns:
        `keras_hub.models.ResNetBackbone` with 64, 128, 256 and 512 channels.

    Raises:
        ValueError: A size is not a multiple of 32.

    Example:
    >>> from keras_drop.models import resnet18
    >>> resnet18((128, 64)).pyramid_outputs["P5"].shape
    (None, 8, 4, 512)

    Reference:
        [He et al., 2016](https://arxiv.org/abs/1512.03385)
    """
    return _resnet(image_size, "basic_block", [2, 2, 2, 2], "resnet18")


@named_backbone("pyramid", _TORCHVISION)
def resnet50(image_size):
    """ResNet-50 whose last stage keeps stride 16.

    Args:
        image_size: `(height, width)`, multiples of 32.

    Returns:
        `keras_hub.models.ResNetBackbone` with 256, 512, 1024 and 2048 channels.

    Raises:
        ValueError: A size is not a multiple of 32.

    Example:
    >>> from keras_drop.models import resnet50
    >>> resnet50((128, 64)).pyramid_outputs["P5"].shape
    (None, 8, 4, 2048)

    Reference:
        [He et al., 2016](https://arxiv.org/abs/1512.03385)
    """
    return _resnet(image_size, "bottleneck_block", [3, 4, 6, 3], "resnet50")


def _resnet(image_size, block_type, num_blocks, name):
    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 128, 256, 512],
        stackwise_num_blocks=num_blocks,
        stackwise_num_strides=[1, 2, 2, 1],
        block_type=block_type,
        image_shape=image_shape_of(image_size, multiple=32),
        name=name,
    )
