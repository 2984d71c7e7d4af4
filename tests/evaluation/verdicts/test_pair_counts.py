import collections

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.verdicts import pair_counts
from keras_drop.evaluation.verdicts.pair_counts import count_pairs
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import verdict

pytestmark = pytest.mark.backend_neutral


def random_side(rng, count, kind):
    visibility = rng.random((count, 3)) * (rng.random((count, 3)) < 0.6)
    if kind == "binary":
        visibility = visibility > 0
    return (
        Descriptors(rng.normal(size=(count, 3, 4)), visibility),
        Records(
            [""] * count, rng.integers(-1, 3, count), rng.integers(0, 2, count)
        ),
    )


@pytest.mark.parametrize("camera_mode", ["real", "none"])
@pytest.mark.parametrize(
    "kind, rule", [("binary", "sqrt"), ("continuous", "product")]
)
def test_matches_reference(monkeypatch, kind, rule, camera_mode):
    monkeypatch.setattr(pair_counts, "_GALLERY_CHUNK", 7)
    rng = np.random.default_rng(1)
    query, query_records = random_side(rng, 13, kind)
    gallery, gallery_records = random_side(rng, 19, kind)
    sides = query, gallery, query_records, gallery_records
    expected = verdict.pairs(*sides, camera_mode, rule)
    with blocks_of(5):
        counts = count_pairs(
            Comparison(*sides), Distance(visibility_weight=rule), camera_mode
        )
    for same, found in ((True, counts.same), (False, counts.different)):
        pairs = collections.Counter()
        for shared, _, label in expected:
            if label is same:
                pairs[shared] += 1
        assert counts.num_not_comparable[not same] == pairs.pop((False,) * 3, 0)
        totals = dict(zip(map(tuple, counts.sets), found.sum(axis=1)))
        assert {k: n for k, n in totals.items() if n} == pairs
        for row, shared in enumerate(map(tuple, counts.sets)):
            distances = sorted(
                d for s, d, label in expected if s == shared and label is same
            )
            steps = np.repeat(counts.distances, found[row])
            np.testing.assert_allclose(steps, distances, atol=1 / 2048)


def test_weights_give_the_prior():
    counts = pair_counts.PairCounts(
        np.ones((1, 1), bool),
        np.ones(1),
        np.array([[20]]),
        np.array([[180]]),
        (5, 5),
    )
    weights = counts.weights(0.25)
    assert weights[0] * 20 == pytest.approx(0.25 * 200)
    assert weights[1] * 180 == pytest.approx(0.75 * 200)


@pytest.mark.parametrize(
    "identities, message",
    [([1, 1], "2 and 0"), ([2, 3], "0 and 2"), ([-1, -1], "0 and 0")],
)
def test_both_kinds_of_pairs_are_needed(identities, message):
    images = Descriptors(np.eye(2))
    with pytest.raises(ValueError, match=message):
        count_pairs(
            Comparison(
                images[[0]],
                images,
                Records(["a"], [1], [0]),
                Records(["b", "c"], identities, [1, 1]),
            ),
            Distance(),
            "real",
        )
