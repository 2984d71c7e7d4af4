import keras
import keras_hub

from keras_drop.models.backbones.hrnet_blocks import (
    basic_block,
    bottleneck,
    convolve,
    fuse,
    transition,
)
from keras_drop.registration import register


@register
class HRNetBackbone(keras_hub.models.FeaturePyramidBackbone):
    """High-resolution network: four branches that exchange what they see.

    The finest branch stays at stride 4 from the first to the last layer. After
    every module each branch receives the sum of all branches, resized to its
    own stride. At the end one bottleneck block per branch widens it to
    `4 * widening_planes` channels; these four maps are the outputs.

    The layers are named as in the public PyTorch release, with `-` for `.`,
    so that `load_checkpoint` finds them. Convolutions start from a normal
    distribution with variance `2 / fan_out`, as in that release.

    Args:
        bottleneck_planes: Channels inside the bottleneck blocks of the first
            stage, which has four times as many at its end.
        num_bottlenecks: Number of bottleneck blocks of the first stage.
        branch_widths: Channels of the four branches, finest first.
        num_modules: Number of modules of the second, third and fourth stage,
            which have two, three and four branches.
        num_blocks: Number of basic blocks per branch and module.
        widening_planes: Channels inside the four widening blocks.
        image_shape: `(height, width, 3)`, height and width multiples of 32, or
            `None` for any such size.
        name: Name of the model.
        trainable: Whether the weights are trained.
        dtype: Type or type policy of the layers.

    Call arguments:
        images: `(batch, height, width, 3)`, already normalised.

    Returns:
        Dictionary, also found as `pyramid_outputs`, of

        - `P2`: `(batch, height / 4, width / 4, 4 * widening_planes[0])`.
        - `P3`, `P4`, `P5`: the same at strides 8, 16 and 32.

    Raises:
        ValueError: A size is not a multiple of 32, or there are not four
            branches, three stages of modules or four widening blocks.

    Example:
    >>> from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
    >>> backbone = HRNetBackbone(
    ...     bottleneck_planes=8,
    ...     num_bottlenecks=1,
    ...     branch_widths=(4, 8, 16, 32),
    ...     num_modules=(1, 1, 1),
    ...     num_blocks=1,
    ...     widening_planes=(8, 16, 32, 64),
    ...     image_shape=(64, 32, 3),
    ... )
    >>> backbone.pyramid_outputs["P2"].shape
    (None, 16, 8, 32)

    Reference:
        [Wang et al., 2019](https://arxiv.org/abs/1908.07919)
    """

    def __init__(
        self,
        bottleneck_planes=64,
        num_bottlenecks=4,
        branch_widths=(32, 64, 128, 256),
        num_modules=(1, 4, 3),
        num_blocks=4,
        widening_planes=(32, 64, 128, 256),
        image_shape=(None, None, 3),
        name=None,
        trainable=True,
        dtype=None,
    ):
        _check("branch_widths", branch_widths, 4)
        _check("num_modules", num_modules, 3)
        _check("widening_planes", widening_planes, 4)
        if len(image_shape) != 3 or any(n and n % 32 for n in image_shape[:2]):
            raise ValueError(
                "HRNet halves its images five times. Height and width of "
                "`image_shape` must be multiples of 32 or None, received "
                f"{image_shape}."
            )
        images = keras.Input(image_shape, name="images")
        x = convolve(images, 64, 3, "conv1", "bn1", strides=2, dtype=dtype)
        x = convolve(x, 64, 3, "conv2", "bn2", strides=2, dtype=dtype)
        for block in range(num_bottlenecks):
            x = bottleneck(x, bottleneck_planes, f"layer1-{block}", dtype)
        branches = [x]
        stage_ends = [x]
        for stage, modules in enumerate(num_modules):
            widths = branch_widths[: stage + 2]
            branches = transition(
                branches, widths, f"transition{stage + 1}", dtype
            )
            for module in range(modules):
                path = f"stage{stage + 2}-{module}"
                for i in range(len(branches)):
                    for block in range(num_blocks):
                        branches[i] = basic_block(
                            branches[i], f"{path}-branches-{i}-{block}", dtype
                        )
                branches = fuse(branches, f"{path}-fuse_layers", dtype)
            stage_ends.append(list(branches))
        pyramid = {
            f"P{i + 2}": bottleneck(x, planes, f"incre_modules-{i}-0", dtype)
            for i, (x, planes) in enumerate(zip(branches, widening_planes))
        }
        super().__init__(
            inputs=images,
            outputs=pyramid,
            name=name,
            trainable=trainable,
            dtype=dtype,
        )
        self.bottleneck_planes = bottleneck_planes
        self.num_bottlenecks = num_bottlenecks
        self.branch_widths = branch_widths
        self.num_modules = num_modules
        self.num_blocks = num_blocks
        self.widening_planes = widening_planes
        self.image_shape = image_shape
        self.pyramid_outputs = pyramid
        self.stage_ends = stage_ends

    def get_config(self):
        return {
            **super().get_config(),
            "bottleneck_planes": self.bottleneck_planes,
            "num_bottlenecks": self.num_bottlenecks,
            "branch_widths": self.branch_widths,
            "num_modules": self.num_modules,
            "num_blocks": self.num_blocks,
            "widening_planes": self.widening_planes,
            "image_shape": self.image_shape,
        }


def _check(name, values, count):
    if len(values) != count:
        raise ValueError(
            f"`{name}` needs {count} numbers, finest branch or earliest stage "
            f"first, received {values}."
        )
