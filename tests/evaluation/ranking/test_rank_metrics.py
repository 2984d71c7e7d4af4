import numpy as np
import pytest

from keras_drop.evaluation import average_precision, inverse_negative_penalty
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "ranks, standard, trapezoid, penalty",
    [
        ([1, 3, 6], 0.722222, 0.677778, 0.5),
        ([2, 5], 0.45, 0.2875, 0.4),
    ],
)
def test_fixture(ranks, standard, trapezoid, penalty):
    assert average_precision(ranks) == pytest.approx(standard, abs=1e-6)
    assert average_precision(ranks, "trapezoid") == pytest.approx(
        trapezoid, abs=1e-6
    )
    assert inverse_negative_penalty(ranks) == penalty


def test_trapezoid_is_never_larger():
    rng = np.random.default_rng(0)
    for _ in range(1000):
        ranks = np.sort(rng.choice(40, rng.integers(1, 12), False) + 1)
        standard = average_precision(ranks)
        trapezoid = average_precision(ranks, "trapezoid")
        assert trapezoid <= standard
        assert standard == pytest.approx(ranking.standard_precision(ranks))
        assert trapezoid == pytest.approx(ranking.trapezoid_precision(ranks))


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'trapezoid'"):
        average_precision([2, 5], "trapezium")
