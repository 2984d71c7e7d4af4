import numpy as np
import pytest
from keras import ops

from keras_drop.layers import EmbeddingReduction
from tests.reference import maps as reference
from tests.testing import run_layer_test


@pytest.mark.parametrize("shape", [(3, 6), (3, 2, 6)])
def test_reduces_the_last_axis(shape):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    run_layer_test(
        EmbeddingReduction,
        {"dim": 4},
        x,
        output_shape=(*shape[:-1], 4),
        mixed_dtype="float32",
    )


def test_matches_reference():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 2, 6)).astype("float32")
    layer = EmbeddingReduction(4)
    layer.build((None, 2, 6))
    kernel, bias, gamma, beta, mean = (
        rng.normal(size=shape) for shape in ((6, 4), (4,), (4,), (4,), (4,))
    )
    variance = rng.uniform(0.5, 2.0, size=4)
    layer.linear.set_weights([kernel, bias])
    layer.normalisation.set_weights([gamma, beta, mean, variance])
    expected = np.maximum(
        reference.normalise(x @ kernel + bias, gamma, beta, mean, variance), 0
    )
    assert 0 < (expected > 0).mean() < 1
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)), expected, rtol=1e-4, atol=1e-5
    )


def test_parts_are_rows_of_one_normalisation():
    x = np.random.default_rng(2).normal(size=(4, 3, 6)).astype("float32")
    layer = EmbeddingReduction(5)
    layer.build((None, 3, 6))
    rows = ops.convert_to_numpy(layer.linear(x)).reshape(-1, 5)
    expected = (rows - rows.mean(0)) / np.sqrt(rows.var(0) + 1e-5)
    actual = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_allclose(
        actual.reshape(-1, 5), np.maximum(expected, 0), rtol=1e-2, atol=1e-3
    )


@pytest.mark.parametrize(
    ("channels", "parameters"),
    [(1920, 984_576), (2048, 1_050_112), (512, 263_680)],
)
def test_parameters_and_start(channels, parameters):
    layer = EmbeddingReduction()
    layer.build((None, channels))
    count = sum(np.prod(w.shape) for w in layer.trainable_weights)
    assert count == parameters
    kernel = ops.convert_to_numpy(layer.linear.kernel)
    assert abs(kernel.std() - 0.01) < 1e-4 and abs(kernel.mean()) < 1e-4
    assert not ops.convert_to_numpy(layer.linear.bias).any()
