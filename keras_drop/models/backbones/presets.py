"""The backbones, untrained, by name; the ViTs are in `vit_presets.py`.

ResNets and HRNets end at stride 4, 8, 16 and 16 (ResNet) or 32 (HRNet), found
as `P2`, `P3`, `P4` and `P5` in `pyramid_outputs`. Images of all backbones are
already normalised.

ImageNet weights: `load_checkpoint` reads the files of torchvision and of the
HRNet release. KerasHub has presets for the ResNets, from a later training:
`keras_hub.models.ResNetBackbone.from_preset("resnet_50_imagenet",
stackwise_num_strides=[1, 2, 2, 1], image_shape=(256, 128, 3))`.
"""

import keras_hub

from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.vit_presets import vit_b16, vit_small


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


def hrnet_w32(image_size):
    """HRNet-W32 with the widening blocks of the classification release.

    Args:
        image_size: `(height, width)`, multiples of 32.

    Returns:
        `HRNetBackbone` with 128, 256, 512 and 1024 channels.

    Raises:
        ValueError: A size is not a multiple of 32.

    Example:
    >>> from keras_drop.models import hrnet_w32
    >>> hrnet_w32((128, 64)).pyramid_outputs["P2"].shape
    (None, 32, 16, 128)

    Reference:
        [Wang et al., 2019](https://arxiv.org/abs/1908.07919)
    """
    return HRNetBackbone(
        bottleneck_planes=64,
        num_bottlenecks=4,
        branch_widths=(32, 64, 128, 256),
        num_modules=(1, 4, 3),
        num_blocks=4,
        image_shape=_image_shape(image_size),
        name="hrnet_w32",
    )


def hrnet_w18_small(image_size):
    """The smallest published HRNet ("W18-C-small-v1"), for small runs.

    Args:
        image_size: `(height, width)`, multiples of 32.

    Returns:
        `HRNetBackbone` with 128, 256, 512 and 1024 channels.

    Raises:
        ValueError: A size is not a multiple of 32.

    Example:
    >>> from keras_drop.models import hrnet_w18_small
    >>> hrnet_w18_small((128, 64)).pyramid_outputs["P2"].shape
    (None, 32, 16, 128)

    Reference:
        [Wang et al., 2019](https://arxiv.org/abs/1908.07919)
    """
    return HRNetBackbone(
        bottleneck_planes=32,
        num_bottlenecks=1,
        branch_widths=(16, 32, 64, 128),
        num_modules=(1, 1, 1),
        num_blocks=2,
        image_shape=_image_shape(image_size),
        name="hrnet_w18_small",
    )


BACKBONES = {
    "hrnet_w18_small": hrnet_w18_small,
    "hrnet_w32": hrnet_w32,
    "resnet18": resnet18,
    "resnet50": resnet50,
    "vit_b16": vit_b16,
    "vit_small": vit_small,
}


def _resnet(image_size, block_type, num_blocks, name):
    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 128, 256, 512],
        stackwise_num_blocks=num_blocks,
        stackwise_num_strides=[1, 2, 2, 1],
        block_type=block_type,
        image_shape=_image_shape(image_size),
        name=name,
    )


def _image_shape(image_size):
    sizes = image_size if isinstance(image_size, list | tuple) else ()
    if len(sizes) != 2 or any(size < 32 or size % 32 for size in sizes):
        raise ValueError(
            "`image_size` is (height, width), both multiples of 32, received "
            f"{image_size}. Choose for example (256, 128)."
        )
    return *image_size, 3
