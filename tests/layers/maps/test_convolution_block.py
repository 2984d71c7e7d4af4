import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers.maps.convolution_block import Conv2D, convolution_block


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_convolution_of_one_cell_is_a_product(use_bias, dtype):
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 4, 3, 5)).astype("float32")
    layer = Conv2D(7, 1, use_bias=use_bias, dtype=dtype)
    layer.build(maps.shape)
    weights = [rng.normal(size=weight.shape) for weight in layer.weights]
    layer.set_weights(weights)
    kernel, *bias = weights
    found = layer(maps)
    assert keras.backend.standardize_dtype(found.dtype) == layer.compute_dtype
    np.testing.assert_allclose(
        ops.convert_to_numpy(ops.cast(found, "float32")),
        np.einsum("bhwc,cd->bhwd", maps, kernel[0, 0]) + sum(bias),
        rtol=0.05 if dtype == "mixed_bfloat16" else 1e-5,
        atol=0.05 if dtype == "mixed_bfloat16" else 1e-5,
    )


@pytest.mark.parametrize("size, strides", [(3, 1), (1, 2)])
def test_any_other_is_that_of_keras(size, strides):
    maps = np.random.default_rng(0).normal(size=(2, 4, 3, 5))
    layer, plain = (
        cls(7, size, strides, padding="same")
        for cls in (Conv2D, keras.layers.Conv2D)
    )
    found = layer(maps)
    plain.build(maps.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(
        *(ops.convert_to_numpy(x) for x in (found, plain(maps))), atol=1e-6
    )


def test_maps_of_any_size():
    """Of which a graph does not know how many cells there are."""
    block = convolution_block(7, 1, "float32", "block")
    maps = keras.Input((None, None, 5))
    model = keras.Model(maps, block(maps))
    for size in ((4, 3), (6, 2)):
        some = np.random.default_rng(0).normal(size=(2, *size, 5))
        found = model.predict(some.astype("float32"), verbose=0)
        kernel = ops.convert_to_numpy(block.layers[0].kernel)[0, 0]
        expected = np.maximum(some @ kernel, 0) / np.sqrt(1 + 1e-5)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_a_block_reads_the_file_of_a_block_of_keras(tmp_path):
    block = convolution_block(7, 1, "float32", "block")
    theirs = keras.Sequential(
        [
            keras.layers.Conv2D(7, 1, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        ]
    )
    for each in (block, theirs):
        each.build((None, 4, 3, 5))
    path = tmp_path / "block.weights.h5"
    theirs.save_weights(path)
    block.load_weights(path)
    for found, expected in zip(block.weights, theirs.weights, strict=True):
        np.testing.assert_array_equal(
            *(ops.convert_to_numpy(x) for x in (found, expected))
        )
