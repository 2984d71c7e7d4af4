import numpy as np
import pytest

from keras_drop.evaluation import PartOverlap

pytestmark = pytest.mark.backend_neutral

NAMES = ["head", "arms", "tail"]


def slow(truths, founds, number):
    both = either = 0
    for truth, found in zip(truths, founds):
        for a, b in zip(truth.ravel(), found.ravel()):
            both += a == number and b == number
            either += a == number or b == number
    return both / either if either else np.nan


def test_matches_the_slow_version():
    rng = np.random.default_rng(0)
    sizes = [(5, 4), (3, 9), (8, 8)]
    truths = [rng.integers(0, 3, size) for size in sizes]
    founds = [rng.integers(0, 3, size).astype("uint8") for size in sizes]
    overlap = PartOverlap(NAMES)
    for truth, found in zip(truths, founds):
        overlap.add(truth, found)
    expected = [slow(truths, founds, number) for number in range(4)]
    actual = overlap.of_each()
    assert list(actual) == ["background", *NAMES]
    np.testing.assert_allclose([*actual.values()], expected)
    assert np.isnan(actual["tail"])
    assert overlap.mean() == pytest.approx(np.mean(expected[:3]))
    parts = overlap.mean(background=False)
    assert parts == pytest.approx(np.mean(expected[1:3]))
    right = sum((a == b).sum() for a, b in zip(truths, founds))
    total = sum(truth.size for truth in truths)
    assert overlap.accuracy() == pytest.approx(right / total)


def test_a_part_that_is_missed_or_made_up_counts_zero():
    overlap = PartOverlap(["head", "arms"])
    overlap.add(np.array([[0, 1]]), np.array([[0, 2]]))
    assert [*overlap.of_each().values()] == [1.0, 0.0, 0.0]


def test_sizes_have_to_be_equal():
    with pytest.raises(ValueError, match=r"\(2, 1\), what was found is \(1,"):
        PartOverlap(["head"]).add(np.zeros((2, 1)), np.zeros((1, 2)))
