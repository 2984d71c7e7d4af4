"""What an HRNet is made of: functions from graph tensors to graph tensors.

Each takes the public name of what it builds, with `-` for `.`.
"""

import keras


def convolve(x, filters, size, conv, bn, strides=1, relu=True, dtype=None):
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


def basic_block(x, path, dtype):
    width = x.shape[-1]
    y = convolve(x, width, 3, f"{path}-conv1", f"{path}-bn1", dtype=dtype)
    y = convolve(
        y, width, 3, f"{path}-conv2", f"{path}-bn2", relu=False, dtype=dtype
    )
    return _add([y, x], dtype)


def bottleneck(x, planes, path, dtype):
    y = convolve(x, planes, 1, f"{path}-conv1", f"{path}-bn1", dtype=dtype)
    y = convolve(y, planes, 3, f"{path}-conv2", f"{path}-bn2", dtype=dtype)
    last = {"relu": False, "dtype": dtype}
    y = convolve(y, 4 * planes, 1, f"{path}-conv3", f"{path}-bn3", **last)
    if x.shape[-1] != 4 * planes:
        path = f"{path}-downsample"
        x = convolve(x, 4 * planes, 1, f"{path}-0", f"{path}-1", **last)
    return _add([y, x], dtype)


def transition(branches, widths, path, dtype):
    """Fits the branches to the widths of a stage, which has one more."""
    outputs = []
    for i, (x, width) in enumerate(zip(branches, widths)):
        if x.shape[-1] != width:
            names = f"{path}-{i}-0", f"{path}-{i}-1"
            x = convolve(x, width, 3, *names, dtype=dtype)
        outputs.append(x)
    names = f"{path}-{len(branches)}-0-0", f"{path}-{len(branches)}-0-1"
    new = convolve(branches[-1], widths[-1], 3, *names, strides=2, dtype=dtype)
    return [*outputs, new]


def fuse(branches, path, dtype):
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
        x = convolve(x, width, 1, *names, relu=False, dtype=dtype)
        return keras.layers.UpSampling2D(2 ** (source - target), dtype=dtype)(x)
    for step in range(target - source):
        last = step == target - source - 1
        x = convolve(
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
