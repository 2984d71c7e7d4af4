import keras
import numpy as np
import pytest

from keras_drop.layers import PartVisibility
from tests.reference import maps as reference
from tests.testing import run_layer_test


@pytest.mark.parametrize(
    "rule, threshold",
    [
        ("argmax", 0.55),
        ("continuous", 0.55),
        ("threshold", 0.55),
        ("threshold", (0.3, 0.4, 0.5, 0.6, 0.7)),
        ("margin", (-0.3, 0.2, 0.0, 0.1, 0.5)),
    ],
)
def test_matches_reference(rule, threshold):
    maps = np.random.default_rng(0).dirichlet(np.full(6, 0.5), (3, 2, 2))
    maps = maps.astype("float32")
    expected = reference.visibility(maps, rule, np.array(threshold))
    assert 0 < expected[:, 1:].mean() < 1
    actual = run_layer_test(
        PartVisibility,
        {"rule": rule, "threshold": threshold},
        maps,
        output_shape=(3, 6),
        mixed_dtype="float32",
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-6)


def test_mixed_precision_compares_in_float32():
    # In bfloat16 the two classes would tie, and both count.
    maps = np.array([[[[0.50001, 0.49999]]]], "float32")
    layer = PartVisibility(dtype="mixed_bfloat16")
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(layer(maps)), [[1, 0]]
    )
