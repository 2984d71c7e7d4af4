import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.evaluation.verdicts.pair_counts import PairCounts
from keras_drop.evaluation.verdicts.verdict_thresholds import find_thresholds
from tests.reference import verdict

pytestmark = pytest.mark.backend_neutral


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([0.0, 0.05, 0.29, 0.5, 1.0]),
)
def test_matches_reference(seed, rate):
    rng = np.random.default_rng(seed)
    same, different = rng.integers(0, 4, (2, 3, 5))
    same[0, 0] += 1
    different[1, 2] += 1
    probabilities = rng.choice([0.1, 0.2, 0.4, 0.7, 0.9], (3, 5))
    apart = tuple(map(int, rng.integers(0, 3, 2)))
    counts = PairCounts(None, None, same, different, apart)
    (found,) = find_thresholds(counts, probabilities, [rate])
    scores, labels = [None] * sum(apart), [True] * apart[0] + [False] * apart[1]
    for label, numbers in ((True, same), (False, different)):
        scores += np.repeat(probabilities.ravel(), numbers.ravel()).tolist()
        labels += [label] * int(numbers.sum())
    assert found.false_positive_rate == rate
    assert found.true_positive_rate == pytest.approx(
        verdict.true_positive_rate(scores, labels, rate)
    )
    accepted = probabilities >= found.probability
    assert different[accepted].sum() <= rate * labels.count(False)
    assert found.true_positive_rate == pytest.approx(
        same[accepted].sum() / labels.count(True)
    )


def test_no_threshold_is_strict_enough():
    counts = PairCounts(
        None, None, np.array([[0, 9]]), np.array([[1, 9]]), (0, 0)
    )
    (found,) = find_thresholds(counts, np.array([[1.0, 0.2]]), [0.05])
    assert found.true_positive_rate == 0
    assert 1 < found.probability < 1 + 1e-9


def test_rates_are_read_as_they_are_written():
    """As floats, 0.29 of 100 is a little less than 29."""
    counts = PairCounts(
        None, None, np.array([[50, 50]]), np.array([[29, 71]]), (0, 0)
    )
    (found,) = find_thresholds(counts, np.array([[0.9, 0.2]]), [0.29])
    assert found.probability == 0.9
