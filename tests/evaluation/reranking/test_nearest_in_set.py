import numpy as np
import pytest

from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.reranking import nearest_in_set as module
from keras_drop.evaluation.reranking.nearest_in_set import nearest_in_set
from tests.reference import reranking

pytestmark = pytest.mark.backend_neutral


def given(distances):
    rows = np.arange(len(distances))
    return GivenDistances(distances, rows, rows)


@pytest.mark.parametrize("levels", [2, 9, 10**6], ids="{} levels".format)
@pytest.mark.parametrize("seed", range(4))
def test_equals_a_sort_of_every_row(monkeypatch, seed, levels):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(module, "_ROWS", int(rng.integers(1, 40)))
    monkeypatch.setattr(module, "_COLUMNS", int(rng.integers(1, 200)))
    monkeypatch.setattr(module, "_GROUPS_PER_NEIGHBOUR", 2)
    count = int(rng.integers(1, 20))
    distances = rng.integers(0, levels, (130, 130)) / levels
    neighbours, largest = nearest_in_set(given(distances), count)
    assert neighbours.shape == (130, count)
    for i in range(130):
        assert (
            neighbours[i].tolist() == reranking.nearest_of(distances, i)[:count]
        )
        assert largest[i] == np.delete(distances[i], i).max()


def test_may_keep_everybody():
    distances = np.random.default_rng(0).random((7, 7))
    neighbours, _ = nearest_in_set(given(distances), 7)
    assert (np.sort(neighbours) == np.arange(7)).all()


def test_does_not_touch_what_it_was_given():
    distances = np.random.default_rng(0).random((7, 7))
    before = distances.copy()
    nearest_in_set(given(distances), 3)
    np.testing.assert_array_equal(distances, before)
