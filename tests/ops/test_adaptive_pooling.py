import numpy as np
import pytest
from keras import ops

from keras_drop.ops import adaptive_pooling_weights
from tests.compiled import jitted
from tests.reference.dpeformer import adaptive_groups


@pytest.mark.parametrize(
    "count, edges",
    [
        (5, [(0, 2), (1, 3), (2, 4), (3, 5)]),
        (24, [(0, 6), (6, 12), (12, 18), (18, 24)]),
        (25, [(0, 7), (6, 13), (12, 19), (18, 25)]),
        (59, [(0, 15), (14, 30), (29, 45), (44, 59)]),
    ],
)
def test_quartiles_of_the_specification(count, edges):
    weights = adaptive_pooling_weights(np.arange(64), count, 4)
    weights = ops.convert_to_numpy(weights)
    for row, (start, end) in zip(weights, edges):
        expected = np.zeros(64)
        expected[start:end] = 1 / (end - start)
        np.testing.assert_allclose(row, expected, rtol=1e-6)


@pytest.mark.parametrize("num_groups", [1, 3, 4, 7])
def test_matches_reference(num_groups):
    rng = np.random.default_rng(num_groups)
    places = np.array([rng.permutation(12) for _ in range(12)])
    counts = np.arange(1, 13)
    weights = jitted(
        lambda *x: adaptive_pooling_weights(*x, num_groups=num_groups)
    )(places, counts)
    weights = ops.convert_to_numpy(weights)
    assert weights.shape == (12, num_groups, 12)
    for place, count, rows in zip(places, counts, weights):
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-6)
        for row, group in zip(rows, adaptive_groups(count, num_groups)):
            assert len(group)
            expected = np.isin(place, group) / len(group)
            np.testing.assert_allclose(row, expected, rtol=1e-6)
