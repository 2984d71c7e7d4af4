import numpy as np
import pytest

from keras_drop.evaluation.verdicts.pair_counts import PairCounts
from keras_drop.evaluation.verdicts.part_calibration import fit_calibration
from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling

pytestmark = pytest.mark.backend_neutral

HEAD, LEGS, BOTH, ALL = (
    (True, False, False),
    (False, False, True),
    (True, False, True),
    (True, True, True),
)


def counts_of(numbers):
    """`PairCounts` with so many (same, different) pairs per set of parts."""
    rng = np.random.default_rng(0)
    same, different = (
        np.stack(
            [
                rng.multinomial(row[k], weights / weights.sum())
                for row in numbers
            ]
        )
        for k, weights in enumerate((np.arange(8, 0, -1), np.arange(1, 9)))
    )
    return PairCounts(
        np.array([HEAD, LEGS, BOTH, ALL]),
        np.linspace(0.2, 1.6, 8),
        same,
        different,
        (0, 0),
    )


def test_falls_back_from_parts_to_their_number_to_all_pairs():
    counts = counts_of([(40, 400), (30, 400), (39, 400), (5, 400)])
    calibration = fit_calibration(counts, 0.5, 40)
    assert set(calibration.by_parts) == {HEAD}
    assert set(calibration.by_count) == {1}
    weights = counts.weights(0.5)

    def fitted(*rows):
        return PlattScaling.fit(
            counts.distances,
            counts.same[list(rows)].sum(axis=0),
            counts.different[list(rows)].sum(axis=0),
            weights,
        )

    assert calibration.scaling(HEAD) == (fitted(0), "parts")
    # All pairs with one part, also those of the set that has its own.
    assert calibration.scaling(LEGS) == (fitted(0, 1), "count")
    assert calibration.scaling(BOTH) == (fitted(0, 1, 2, 3), "all")
    never_seen = (False, True, False)
    assert calibration.scaling(never_seen) == (fitted(0, 1), "count")
    assert calibration.scaling((True, True, False))[1] == "all"
    assert calibration.overall.num_same == 114
    found = calibration.probabilities(counts)
    for row, shared in enumerate((HEAD, LEGS, BOTH, ALL)):
        np.testing.assert_array_equal(
            found[row],
            calibration.scaling(shared)[0].probability(counts.distances),
        )


def test_pairs_of_different_people_are_needed_too():
    counts = counts_of([(400, 39), (400, 40), (400, 5), (400, 0)])
    calibration = fit_calibration(counts, 0.5, 40)
    assert set(calibration.by_parts) == {LEGS}
    assert set(calibration.by_count) == {1}


def test_too_few_pairs_are_refused():
    counts = counts_of([(4, 40), (3, 40), (3, 40), (2, 40)])
    with pytest.raises(ValueError, match=r"12 comparable .* 160 .* 13 of each"):
        fit_calibration(counts, 0.5, 13)
    assert fit_calibration(counts, 0.5, 12).by_count == {}
