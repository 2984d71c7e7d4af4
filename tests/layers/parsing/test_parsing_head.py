import numpy as np
from keras import ops

from keras_drop.layers import ParsingHead
from tests.reference import hpnet
from tests.testing import run_layer_test


def test_gives_float32_logits():
    x = np.random.default_rng(0).normal(size=(2, 3, 2, 6)).astype("float32")
    run_layer_test(
        ParsingHead,
        {"channels": 4},
        x,
        output_shape=(2, 3, 2, 1),
        mixed_dtype="float32",
    )


def test_matches_reference():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 3, 2, 6)).astype("float32")
    layer = ParsingHead(4, name="head")
    layer.build((None, 3, 2, 6))
    for variable in layer.variables:
        low, high = (0.5, 2) if "variance" in variable.path else (-1, 1)
        variable.assign(rng.uniform(low, high, variable.shape))
    weights = {v.path: ops.convert_to_numpy(v) for v in layer.variables}
    expected = hpnet.parsing_logits(x, weights, "head")
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)), expected, rtol=1e-4, atol=1e-4
    )


def test_parameters_and_start():
    layer = ParsingHead()
    layer.build((None, 24, 8, 2048))
    count = sum(np.prod(w.shape) for w in layer.trainable_weights)
    assert count == 4_719_361
    for convolution in (layer.convolution, layer.classifier):
        kernel = ops.convert_to_numpy(convolution.kernel)
        assert abs(kernel.std() - 0.001) < 1e-4 and abs(kernel.mean()) < 1e-4
    assert not ops.convert_to_numpy(layer.classifier.bias).any()
