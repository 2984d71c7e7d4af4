"""Two HRNets, untrained; images are already normalised.

They end at stride 4, 8, 16 and 32, found as `P2`, `P3`, `P4` and `P5` in
`pyramid_outputs`. `load_checkpoint` reads the ImageNet weights of the release.
"""

from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.convolution_weights import (
    convolution_weights,
)
from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.image_shape import image_shape_of
from keras_drop.models.backbones.named_backbones import named_backbone


def _released_weights(backbone, path):
    return convolution_weights(
        backbone, lambda layer: layer.name.replace("-", ".")
    )


def _refuse_other_tasks(arrays, path):
    if not any(name.startswith("incre_modules.") for name in arrays):
        raise ValueError(
            f"{path} has no incre_modules.0.0.conv1.weight, nor any other of "
            "the widening blocks `incre_modules`: it was trained for another "
            "task. Use the image classification release of this HRNet."
        )


_RELEASE = CheckpointFormat(
    HRNetBackbone,
    _released_weights,
    unused=("downsamp_modules.", "final_layer.", "classifier."),
    refuse=_refuse_other_tasks,
)


@named_backbone("pyramid", _RELEASE)
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
        image_shape=image_shape_of(image_size, multiple=32),
        name="hrnet_w32",
    )


@named_backbone("pyramid", _RELEASE)
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
        image_shape=image_shape_of(image_size, multiple=32),
        name="hrnet_w18_small",
    )
