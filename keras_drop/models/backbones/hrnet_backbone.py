import keras
import keras_hub

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
    >>> backbone = HRNetBackbone(
    ...     bottleneck_planes=8,
    ...     num_bottlenecks=1,
    ...     branch_widths=(4, 8, 16, 32),
    ...     num_modules=(1, 1, 1),
    ...     num_blocks=1,
    ...     widening_planes=(8, 16, 32, 64),
    ...     image_shape=(64, 32, 3),
    ... )
    >>> {name: x.shape for name, x in backbone.pyramid_outputs.items()}["P2"]
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
        x = _convolve(images, 64, 3, "conv1", "bn1", strides=2, dtype=dtype)
        x = _convolve(x, 64, 3, "conv2", "bn2", strides=2, dtype=dtype)
        for block in range(num_bottlenecks):
            x = _bottleneck(x, bottleneck_planes, f"layer1-{block}", dtype)
        branches = [x]
        for stage, modules in enumerate(num_modules):
            widths = branch_widths[: stage + 2]
            branches = _transition(
                branches, widths, f"transition{stage + 1}", dtype
            )
            for module in range(modules):
                path = f"stage{stage + 2}-{module}"
                for i in range(len(branches)):
                    for block in range(num_blocks):
                        branches[i] = _basic_block(
                            branches[i], f"{path}-branches-{i}-{block}", dtype
                        )
                branches = _fuse(branches, f"{path}-fuse_layers", dtype)
        pyramid = {
            f"P{i + 2}": _bottleneck(x, planes, f"incre_modules-{i}-0", dtype)
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


def _convolve(x, filters, size, conv, bn, strides=1, relu=True, dtype=None):
    """Convolution padded by `size // 2` on every side, BN, ReLU if asked."""
    if strides > 1:  # "same" would pad the bottom and right side only
        x = keras.layers.ZeroPadding2D(size // 2, dtype=dtype)(x)
    x = keras.layers.Conv2D(
        filters,
        size,
        strides,
        padding="same" if strides == 1 else "valid",
        use_bias=False,
        kernel_initializer=keras.initializers.VarianceScaling(
            2.0, mode="fan_out", distribution="untruncated_normal"
        ),
        dtype=dtype,
        name=conv,
    )(x)
    x = keras.layers.BatchNormalization(
        momentum=0.9, epsilon=1e-5, dtype=dtype, name=bn
    )(x)
    return keras.layers.Activation("relu", dtype=dtype)(x) if relu else x


def _add(terms, dtype):
    x = keras.layers.Add(dtype=dtype)(terms)
    return keras.layers.Activation("relu", dtype=dtype)(x)


def _basic_block(x, path, dtype):
    width = x.shape[-1]
    y = _convolve(x, width, 3, f"{path}-conv1", f"{path}-bn1", dtype=dtype)
    y = _convolve(
        y, width, 3, f"{path}-conv2", f"{path}-bn2", relu=False, dtype=dtype
    )
    return _add([y, x], dtype)


def _bottleneck(x, planes, path, dtype):
    y = _convolve(x, planes, 1, f"{path}-conv1", f"{path}-bn1", dtype=dtype)
    y = _convolve(y, planes, 3, f"{path}-conv2", f"{path}-bn2", dtype=dtype)
    last = {"relu": False, "dtype": dtype}
    y = _convolve(y, 4 * planes, 1, f"{path}-conv3", f"{path}-bn3", **last)
    if x.shape[-1] != 4 * planes:
        path = f"{path}-downsample"
        x = _convolve(x, 4 * planes, 1, f"{path}-0", f"{path}-1", **last)
    return _add([y, x], dtype)


def _transition(branches, widths, path, dtype):
    """Fits the branches to the widths of a stage, which has one more."""
    outputs = []
    for i, (x, width) in enumerate(zip(branches, widths)):
        if x.shape[-1] != width:
            names = f"{path}-{i}-0", f"{path}-{i}-1"
            x = _convolve(x, width, 3, *names, dtype=dtype)
        outputs.append(x)
    names = f"{path}-{len(branches)}-0-0", f"{path}-{len(branches)}-0-1"
    new = _convolve(branches[-1], widths[-1], 3, *names, strides=2, dtype=dtype)
    return [*outputs, new]


def _fuse(branches, path, dtype):
    """Sums all branches into each, at its stride and width."""
    return [
        _add(
            [
                _resize(
                    x, j, branches[i].shape[-1], i, f"{path}-{i}-{j}", dtype
                )
                for j, x in enumerate(branches)
            ],
            dtype,
        )
        for i in range(len(branches))
    ]


def _resize(x, source, width, target, path, dtype):
    """Brings branch number `source` to stride and width of branch `target`."""
    if source > target:
        names = f"{path}-0", f"{path}-1"
        x = _convolve(x, width, 1, *names, relu=False, dtype=dtype)
        return keras.layers.UpSampling2D(2 ** (source - target), dtype=dtype)(x)
    for step in range(target - source):
        last = step == target - source - 1
        x = _convolve(
            x,
            width if last else x.shape[-1],
            3,
            f"{path}-{step}-0",
            f"{path}-{step}-1",
            strides=2,
            relu=not last,
            dtype=dtype,
        )
    return x
