import numpy as np
import pytest

from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling, logistic
from tests.reference import verdict

pytestmark = pytest.mark.backend_neutral

DISTANCES = np.linspace(0.05, 1.95, 39)


def expected_counts(slope, intercept, number=10_000):
    probability = logistic(slope * DISTANCES + intercept)
    same = np.round(number * probability).astype(int)
    return same, number - same


@pytest.mark.parametrize("slope, intercept", [(-6.0, 4.0), (-1.5, -2.0)])
def test_finds_the_function_that_made_the_pairs(slope, intercept):
    same, different = expected_counts(slope, intercept)
    found = PlattScaling.fit(DISTANCES, same, different)
    assert found.slope == pytest.approx(slope, abs=0.02)
    assert found.intercept == pytest.approx(intercept, abs=0.02)
    assert (found.num_same, found.num_different) == (
        same.sum(),
        different.sum(),
    )


def test_weights_shift_the_log_odds():
    same, different = expected_counts(-5.0, 3.0)
    found = PlattScaling.fit(DISTANCES, same, different, (4.0, 0.5))
    assert found.slope == pytest.approx(-5.0, abs=0.02)
    assert found.intercept == pytest.approx(3 + np.log(8), abs=0.02)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (3.0, 0.2)])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_near_it_is_better(seed, weights):
    rng = np.random.default_rng(seed)
    same = rng.integers(0, 9, 39) * (rng.uniform(0.5, 1.9) > DISTANCES)
    different = rng.integers(0, 9, 39) * (rng.uniform(0.1, 1) < DISTANCES)
    found = PlattScaling.fit(DISTANCES, same, different, weights)

    def loss(slope, intercept):
        return verdict.cross_entropy(
            slope, intercept, DISTANCES, same, different, weights
        )

    best = loss(found.slope, found.intercept)
    for step in ([0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01], [0.01, -0.01]):
        assert best < loss(found.slope + step[0], found.intercept + step[1])


def test_perfectly_separated_pairs_give_a_finite_slope():
    same = np.where(DISTANCES < 1, 5, 0)
    found = PlattScaling.fit(DISTANCES, same, 5 - same)
    assert -1000 < found.slope < -10
    assert found.probability(np.array([0.0]))[0] > 0.99
    assert found.probability(np.array([2.0]))[0] < 0.01


@pytest.mark.parametrize("weights", [(1.0, 1.0), (2.0, 0.5)])
def test_distances_that_say_nothing_give_the_share(weights):
    farther = np.where(DISTANCES > 1, 300, 100)
    found = PlattScaling.fit(DISTANCES, farther, 400 - farther, weights)
    share = weights[0] * farther.sum()
    share /= share + weights[1] * (400 - farther).sum()
    assert found.slope == 0
    np.testing.assert_allclose(found.probability(DISTANCES), share, rtol=1e-3)
    one = np.zeros(39, int)
    one[7] = 50
    found = PlattScaling.fit(DISTANCES, one, 3 * one)
    np.testing.assert_allclose(found.probability(DISTANCES), 0.25, rtol=0.05)


def test_sure_probabilities_do_not_overflow():
    with np.errstate(all="raise", under="ignore"):
        values = logistic(np.array([-1e4, 0.0, 1e4]))
    assert values.tolist() == [0.0, 0.5, 1.0]
