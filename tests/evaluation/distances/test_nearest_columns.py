import numpy as np
import pytest

from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.distances.nearest_columns import nearest_columns
from tests.evaluation.blocks import blocks_of

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("k", [1, 4, 40])
@pytest.mark.parametrize("seed", range(3))
def test_equals_a_full_sort(seed, k):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 6, (7, 30)).astype("float32")
    labels, others = rng.integers(0, 4, 7), rng.integers(0, 4, 30)
    given = GivenDistances(values, np.arange(7), np.arange(30))
    with blocks_of(3, 11):
        columns, found = nearest_columns(given, k, labels, others)
    assert columns.shape == found.shape == (7, k)
    for row in range(7):
        left = [
            column
            for column in np.argsort(values[row], kind="stable")
            if others[column] != labels[row]
        ][:k]
        padding = k - len(left)
        assert columns[row].tolist() == left + [-1] * padding
        expected = [*values[row, left], *[np.inf] * padding]
        np.testing.assert_array_equal(found[row], expected)
