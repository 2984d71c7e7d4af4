"""EfficientNet-Lite0 in PyTorch, written out, by the names of its file."""

import math

import torch
from torch.nn import functional

# Kernel, stride and channels of every block, and how much it widens.
BLOCKS = [
    *[(3, 1, 16, 1)],
    *[(3, 2, 24, 6), (3, 1, 24, 6)],
    *[(5, 2, 40, 6), (5, 1, 40, 6)],
    *[(3, 2, 80, 6), (3, 1, 80, 6), (3, 1, 80, 6)],
    *[(5, 1, 112, 6)] * 3,
    *[(5, 2, 192, 6), (5, 1, 192, 6), (5, 1, 192, 6), (5, 1, 192, 6)],
    *[(3, 1, 320, 6)],
]
LAST_STRIDE = 11  # The block that halves the map for the last time.


def random_file(seed=0):
    """Arrays of the shapes that the public file has, without a classifier."""
    generator = torch.Generator().manual_seed(seed)
    arrays = {}

    def convolution(name, *shape):
        deviation = 1.5 / math.sqrt(shape[1] * shape[2] * shape[3])
        noise = torch.randn(shape, generator=generator)
        arrays[f"{name}.weight"] = deviation * noise

    def normalisation(name, channels):
        for key, low, high in (
            ("weight", 0.5, 1.5),
            ("bias", -0.3, 0.3),
            ("running_mean", -0.3, 0.3),
            ("running_var", 0.5, 1.5),
        ):
            noise = torch.rand(channels, generator=generator)
            arrays[f"{name}.{key}"] = low + (high - low) * noise

    convolution("_conv_stem", 32, 3, 3, 3)
    normalisation("_bn0", 32)
    inputs = 32
    for k, (kernel, _, channels, widens) in enumerate(BLOCKS):
        name, wide = f"_blocks.{k}", widens * inputs
        if widens > 1:
            convolution(f"{name}._expand_conv", wide, inputs, 1, 1)
            normalisation(f"{name}._bn0", wide)
        convolution(f"{name}._depthwise_conv", wide, 1, kernel, kernel)
        normalisation(f"{name}._bn1", wide)
        convolution(f"{name}._project_conv", channels, wide, 1, 1)
        normalisation(f"{name}._bn2", channels)
        inputs = channels
    convolution("_conv_head", 1280, 320, 1, 1)
    normalisation("_bn1", 1280)
    return arrays


def features(arrays, images, last_stride):
    """The maps P2 to P5 of `(batch, 3, height, width)` normalised images."""

    def convolve(x, name, stride=1, groups=1):
        kernel = arrays[f"{name}.weight"]
        padding = []
        for size in (x.shape[3], x.shape[2]):  # As TensorFlow pads.
            steps = math.ceil(size / stride)
            total = max(0, (steps - 1) * stride + kernel.shape[2] - size)
            padding += [total // 2, total - total // 2]
        x = functional.pad(x, padding)
        return functional.conv2d(x, kernel, stride=stride, groups=groups)

    def normalise(x, name):
        keys = ("running_mean", "running_var", "weight", "bias")
        values = [arrays[f"{name}.{key}"] for key in keys]
        return functional.batch_norm(x, *values, eps=1e-3)

    x = normalise(convolve(images, "_conv_stem", 2), "_bn0").clamp(0, 6)
    maps = {}
    for k, (_, stride, channels, widens) in enumerate(BLOCKS):
        name, y = f"_blocks.{k}", x
        if widens > 1:
            y = convolve(y, f"{name}._expand_conv")
            y = normalise(y, f"{name}._bn0").clamp(0, 6)
        stride = last_stride if k == LAST_STRIDE else stride
        y = convolve(y, f"{name}._depthwise_conv", stride, y.shape[1])
        y = normalise(y, f"{name}._bn1").clamp(0, 6)
        y = normalise(convolve(y, f"{name}._project_conv"), f"{name}._bn2")
        x = x + y if stride == 1 and x.shape[1] == channels else y
        if k in (2, 4, 10):
            maps[{2: "P2", 4: "P3", 10: "P4"}[k]] = x
    maps["P5"] = normalise(convolve(x, "_conv_head"), "_bn1").clamp(0, 6)
    return maps
