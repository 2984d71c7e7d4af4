"""The depthwise convolution of small maps, against loops over its cells."""

import keras
import numpy as np
import pytest

from keras_drop import backend
from keras_drop.layers.depthwise_convolution import DepthwiseConv2D
from tests.gradients import autodiff


def by_loops(maps, kernel, upstream):
    """Output, and gradients of maps and kernel: each cell, each neighbour."""
    images, height, width, _ = maps.shape
    size = kernel.shape[0]
    found = np.zeros_like(maps), np.zeros_like(maps), np.zeros_like(kernel)
    for n, y, x in np.ndindex(images, height, width):
        for i, j in np.ndindex(size, size):
            row, column = y + i - size // 2, x + j - size // 2
            if not (0 <= row < height and 0 <= column < width):
                continue
            seen, weights = maps[n, row, column], kernel[i, j, :, 0]
            found[0][n, y, x] += seen * weights
            found[1][n, row, column] += upstream[n, y, x] * weights
            found[2][i, j, :, 0] += upstream[n, y, x] * seen
    return found


@pytest.mark.parametrize(
    "height, width, size, own",
    [
        (8, 4, 5, True),
        (3, 2, 7, True),  # A kernel that looks beyond every edge.
        (8, 4, 3, False),
        (9, 8, 5, False),
    ],
)
def test_output_and_gradients_are_those_of_loops(height, width, size, own):
    rng = np.random.default_rng(height)
    maps, upstream = rng.normal(size=(2, 2, height, width, 3)).astype("float32")
    kernel = rng.normal(size=(size, size, 3, 1)).astype("float32")
    layer = DepthwiseConv2D(size, padding="same", use_bias=False)
    layer.build(maps.shape)

    def output(maps, kernel):
        return layer.stateless_call([kernel], [], maps, training=True)[0]

    def taught(maps, kernel):
        product = keras.ops.multiply(output(maps, kernel), upstream)
        return keras.ops.sum(product)

    expected = by_loops(maps, kernel, upstream)
    for found, right in zip(
        (
            keras.ops.convert_to_numpy(output(maps, kernel)),
            autodiff(lambda x: taught(x, kernel), maps),
            autodiff(lambda x: taught(maps, x), kernel),
        ),
        expected,
    ):
        np.testing.assert_allclose(found, right, atol=1e-4)
    if keras.backend.backend() == "tensorflow":
        maps, kernel = map(keras.ops.convert_to_tensor, (maps, kernel))
        assert (backend.depthwise_convolution(maps, kernel) is not None) == own


@pytest.mark.parametrize(
    "arguments",
    [
        {"strides": 2},
        {"dilation_rate": 2},
        {"padding": "valid"},
        {"depth_multiplier": 2},
        {"use_bias": True, "bias_initializer": "ones"},
        {"activation": "relu"},
        {"trainable": False},
        {"dtype": "mixed_bfloat16"},
    ],
)
def test_anything_else_is_as_keras_has_it(arguments):
    maps = np.random.default_rng(0).normal(size=(2, 8, 6, 3))
    arguments = {"padding": "same", "use_bias": False, **arguments}
    ours = DepthwiseConv2D(5, **arguments)
    theirs = keras.layers.DepthwiseConv2D(5, **arguments)
    found, expected = ours(maps, training=True), theirs(maps)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(keras.ops.cast(found, "float32")),
        keras.ops.convert_to_numpy(keras.ops.cast(theirs(maps), "float32")),
        rtol=1e-5,
        atol=1e-6,
    )
    assert found.shape == expected.shape


@pytest.mark.backend_neutral
@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="has its own there alone"
)
def test_xla_gets_what_it_can_compile():
    import tensorflow as tf

    maps, kernel = tf.ones((1, 8, 4, 3)), tf.ones((5, 5, 3, 1))

    @tf.function(jit_compile=True)
    def compiled():
        assert backend.depthwise_convolution(maps, kernel) is None
        return maps

    compiled()
