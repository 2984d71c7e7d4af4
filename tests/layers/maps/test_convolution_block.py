import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers.maps.convolution_block import PointwiseConvolution


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_convolution_of_one_cell_is_a_product(use_bias, dtype):
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 4, 3, 5)).astype("float32")
    layer = PointwiseConvolution(7, use_bias=use_bias, dtype=dtype)
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


def test_it_has_the_weights_of_a_convolution():
    layer, plain = PointwiseConvolution(7), keras.layers.Conv2D(7, 1)
    for each in (layer, plain):
        each.build((None, 4, 3, 5))
    assert [(w.name, w.shape) for w in layer.weights] == [
        (w.name, w.shape) for w in plain.weights
    ]
