import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    evaluate_verification,
    fit_pair_verdict,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

# Log odds of the same person: intercept and slope by what both images show.
TRUTH = {
    (True, False): (1.0, -3.0),
    (False, True): (3.0, -3.0),
    (True, True): (5.0, -8.0),
}


def known_pairs(seed, count, share_hidden=0.0):
    """One query and gallery images whose true probabilities are known."""
    rng = np.random.default_rng(seed)
    distances = rng.uniform(0.1, 1.9, count)
    shown = np.array(list(TRUTH))[rng.integers(0, 3, count)]
    intercepts, slopes = np.array([TRUTH[tuple(row)] for row in shown]).T
    probability = 1 / (1 + np.exp(-(intercepts + slopes * distances)))
    people = np.where(rng.random(count) < probability, 7, 8)
    cosines = 1 - distances**2 / 2
    points = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    shown[rng.random(count) < share_hidden] = False
    return (
        Descriptors(np.tile([1.0, 0.0], (1, 2, 1)), names=("head", "legs")),
        Descriptors(
            np.repeat(points[:, None], 2, axis=1), shown, ("head", "legs")
        ),
        Records(["q"], [7], [0]),
        Records([""] * count, people, np.ones(count, int)),
    ), probability


@pytest.mark.parametrize("prior", [None, 0.5, 0.05])
def test_finds_known_probabilities(prior):
    sides, _ = known_pairs(1, 12_000)
    verdict = fit_pair_verdict(*sides, prior=prior)
    share = np.mean(sides[3].identities == 7)
    assert verdict.prior == pytest.approx(share if prior is None else prior)
    sides, truth = known_pairs(2, 2000)
    found = verdict.predict(*sides[:2], np.arange(2000)[None])
    assert (found.basis == "parts").all()
    odds = verdict.prior / (1 - verdict.prior) * (1 - share) / share
    expected = odds * truth / (1 - truth + odds * truth)
    np.testing.assert_allclose(found.probability[0], expected, atol=0.05)
    reliability = verdict.reliability(*sides)
    assert reliability.expected_calibration_error < 0.03
    assert reliability.num_pairs.sum() == 2000


def test_one_function_for_all_parts_would_be_wrong():
    sides, _ = known_pairs(1, 10_000)
    probe, truth = known_pairs(2, 1000)
    errors = {}
    for min_pairs in (50, 3000):
        verdict = fit_pair_verdict(*sides, prior=None, min_pairs=min_pairs)
        found = verdict.predict(*probe[:2], np.arange(1000)[None])
        (basis,) = set(found.basis[0])
        errors[basis] = np.abs(found.probability[0] - truth).mean()
    assert errors["parts"] < 0.02 < 0.1 < errors["all"]


def test_one_part_has_the_rates_of_verification():
    """With one set of parts, probability orders as distance does."""
    rng = np.random.default_rng(3)
    people = rng.integers(0, 8, 60)
    images = Descriptors(
        rng.normal(size=(8, 1, 6))[people] + rng.normal(size=(60, 1, 6))
    )
    records = Records([""] * 60, people, rng.integers(0, 3, 60))
    sides = images, images, records, records
    rates = 0.003, 0.05, 0.3
    verdict = fit_pair_verdict(*sides, false_positive_rates=rates)
    expected = evaluate_verification(*sides, false_positive_rates=rates)
    np.testing.assert_allclose(
        [t.true_positive_rate for t in verdict.thresholds],
        expected.true_positive_rates,
        atol=0.01,
    )
    rows = np.tile(np.arange(60), (60, 1))
    different = people[:, None] != people
    for rate in rates:
        found = verdict.predict(images, images, rows, false_positive_rate=rate)
        wrong = (found.verdict == "same")[different].mean()
        assert rate - 0.02 < wrong < rate + 0.002


def test_pairs_without_a_common_part_are_not_learned_from():
    whole, _ = known_pairs(4, 3000)
    hidden, _ = known_pairs(4, 3000, share_hidden=0.3)
    shown = hidden[1].visibility.any(axis=1)
    rest = whole[0], whole[1][shown], whole[2], whole[3][shown]
    expected, found = (
        fit_pair_verdict(*sides, false_positive_rates=[0.5])
        for sides in (rest, hidden)
    )
    assert expected.calibration == found.calibration
    # They are rejected, which costs true positives and allows more false ones.
    assert (
        found.thresholds[0].true_positive_rate
        < expected.thresholds[0].true_positive_rate
    )


def test_same_result_every_time():
    sides, _ = known_pairs(5, 500)
    assert fit_pair_verdict(*sides) == fit_pair_verdict(*sides)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"prior": 0.0}, "`prior` is a share between 0 and 1"),
        ({"prior": 1}, "or `None`; it is 1"),
        ({"min_pairs": 0}, "`min_pairs` is at least 1"),
        ({"min_pairs": 5000}, "asks for 5000 of each"),
        ({"false_positive_rates": [0.1, 2]}, "in \\[0, 1\\]; one is 2"),
        (
            {"distance": Distance(combine="plain")},
            "both images show: .*'plain'",
        ),
        ({"camera_mode": "some"}, "`camera_mode` is one of"),
    ],
)
def test_bad_options(change, message):
    sides, _ = known_pairs(6, 400)
    with pytest.raises(ValueError, match=message):
        fit_pair_verdict(*sides, **change)
