import numpy as np
from keras import ops

from keras_drop.ops import to_unit_length
from tests.gradients import autodiff, finite_difference


def test_matches_reference_and_zeros_have_no_gradient():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(4, 2, 3)).astype("float32")
    vectors[1, 0], weights = 0, rng.normal(size=(4, 2, 3)).astype("float32")

    def slow(x):
        lengths = np.linalg.norm(x, axis=-1, keepdims=True)
        return x / np.where(lengths > 0, lengths, 1)

    found = ops.convert_to_numpy(to_unit_length(vectors))
    np.testing.assert_allclose(found, slow(vectors), atol=1e-6)

    def weighted(x):
        return ops.sum(to_unit_length(x) * ops.convert_to_tensor(weights))

    actual = autodiff(weighted, vectors)
    np.testing.assert_array_equal(actual[1, 0], 0)
    expected = finite_difference(lambda x: (slow(x) * weights).sum(), vectors)
    expected[1, 0] = 0
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)
