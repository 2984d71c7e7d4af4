import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, evaluate_verification
from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.verification import radix_search
from keras_drop.evaluation.verification.verify_pairs import verify_pairs
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking, verification

pytestmark = pytest.mark.backend_neutral

RATES = (0.0, 0.01, 0.1, 0.29, 0.5, 0.9, 1.0)


def records(identities, cameras):
    return Records([""] * len(identities), identities, cameras)


def verify(
    distances, query, gallery, rates=RATES, camera_mode="real", block=3, chunk=4
):
    matches = find_matches(query, gallery, camera_mode, with_matchless=True)
    given_distances = GivenDistances(
        np.asarray(distances), matches.query_order, matches.gallery_order
    )
    with blocks_of(block, chunk):
        return verify_pairs(given_distances, matches, rates)


def test_fixture():
    """Positives 0.1, 0.4; negatives 0.2, 0.3, 0.4, 0.9; one pair of junk."""
    result = verify(
        [[0.1, 0.4, 0.2, 0.3, 0.0], [0.05, 0.4, 0.4, 0.9, 0.0]],
        records([1, 9], [0, 0]),
        records([1, 1, 2, 3, -1], [1, 1, 1, 1, 1]),
        (0.0, 0.2, 0.5, 1.0),
    )
    # The second query has no match: its four pairs are of different people.
    assert result.num_positive_pairs == 2
    assert result.num_negative_pairs == 6
    assert result.true_positive_rates == (0.0, 0.5, 0.5, 1.0)
    assert result.thresholds == (0.05, 0.2, 0.4, np.inf)
    assert result.equal_error_rate == 0.5
    assert result.num_not_comparable_pairs == 0
    assert list(result.metrics) == [
        *("TPR@FPR=0", "TPR@FPR=0.2", "TPR@FPR=0.5", "TPR@FPR=1", "EER")
    ]


@st.composite
def pairs(draw):
    """Ties, junk, people without a match, tiny galleries, odd floats."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    num_query, num_gallery = rng.integers(1, 8), rng.integers(1, 20)
    query = records(
        rng.integers(-1, 4, num_query), rng.integers(0, 3, num_query)
    )
    gallery = records(
        rng.integers(-1, 4, num_gallery), rng.integers(0, 3, num_gallery)
    )
    shape = num_query, num_gallery
    distances = draw(
        st.sampled_from(
            [
                rng.integers(0, 3, shape),
                rng.normal(size=shape),
                rng.normal(size=shape).astype("float32"),
                rng.choice([-0.0, 0.0, 1e-40, np.inf, -2.0], shape),
                1 + rng.integers(0, 4, shape) * 2.0**-52,
                rng.random(shape).astype("float16"),
            ]
        )
    )
    return distances, query, gallery


@settings(deadline=None, max_examples=80, derandomize=True)
@given(
    sets=pairs(),
    camera_mode=st.sampled_from(["real", "fake", "none"]),
    block=st.integers(2, 9),
    chunk=st.integers(5, 21),
)
def test_equals_trying_every_threshold(sets, camera_mode, block, chunk):
    positives, negatives = verification.all_pairs(*sets, camera_mode)
    arguments = {"camera_mode": camera_mode, "block": block, "chunk": chunk}
    if not len(positives) or not len(negatives):
        with pytest.raises(ValueError, match=r"has a match|different people"):
            verify(*sets, **arguments)
        return
    result = verify(*sets, **arguments)
    assert result.num_positive_pairs == len(positives)
    assert result.num_negative_pairs == len(negatives)
    for rate, found, limit in zip(
        RATES, result.true_positive_rates, result.thresholds
    ):
        expected = verification.true_rate_at(rate, positives, negatives)
        assert found == pytest.approx(expected), rate
        if limit < np.inf:
            assert np.mean(negatives < limit) <= rate
            assert np.mean(positives < limit) == pytest.approx(found)
            assert np.mean(negatives <= limit) > rate
    expected = verification.equal_error_rate(positives, negatives)
    assert result.equal_error_rate == pytest.approx(expected)


@pytest.mark.parametrize("combine", ["visibility_mean", "visibility_max"])
def test_descriptors_with_pairs_that_cannot_be_compared(combine, monkeypatch):
    monkeypatch.setattr(radix_search, "_PIECE", 13)
    rng = np.random.default_rng(0)
    query, gallery = (
        Descriptors(rng.normal(size=(n, 3, 4)), rng.random((n, 3)) < 0.5)
        for n in (12, 30)
    )
    sides = (
        records(rng.integers(-1, 5, 12), rng.integers(0, 2, 12)),
        records(rng.integers(-1, 5, 30), rng.integers(0, 2, 30)),
    )
    distances, comparable = ranking.all_distances(
        query, gallery, "cosine", combine
    )
    positives, negatives = verification.all_pairs(distances, *sides, "real")
    of_comparable = verification.all_pairs(comparable, *sides, "real")
    for block, chunk in ((256, 65_536), (5, 7), (1, 30)):
        with blocks_of(block, chunk):
            result = evaluate_verification(
                query,
                gallery,
                *sides,
                distance=Distance("cosine", combine),
                false_positive_rates=RATES,
            )
        assert result.true_positive_rates == pytest.approx(
            [
                verification.true_rate_at(rate, positives, negatives)
                for rate in RATES
            ]
        )
        assert result.equal_error_rate == pytest.approx(
            verification.equal_error_rate(positives, negatives)
        )
        assert result.num_not_comparable_pairs == sum(
            np.count_nonzero(~found) for found in of_comparable
        )
        assert result.num_not_comparable_pairs > 0


def test_rate_counts_as_it_is_written():
    """0.29 of 100 pairs is 29 of them, though not in floats."""
    result = verify(
        [[0.5, *np.arange(100.0)]],
        records([1], [0]),
        records([1, *range(2, 102)], [1] * 101),
        (0.29,),
        chunk=1000,
    )
    assert result.thresholds == (29.0,)


def test_distance_of_infinity_is_never_accepted():
    result = verify(
        [[np.inf, 0.1, np.inf, np.inf]],
        records([1], [0]),
        records([1, 2, 3, 4], [1] * 4),
        (0.5, 1.0),
    )
    assert result.true_positive_rates == (0.0, 1.0)


def test_pairs_without_a_common_part_are_never_accepted():
    query = Descriptors(np.ones((2, 2, 3)), [[True, False], [True, False]])
    gallery = Descriptors(np.ones((2, 2, 3)), [[False, True], [False, True]])
    result = evaluate_verification(
        query, gallery, records([1, 2], [0, 0]), records([1, 2], [1, 1])
    )
    assert result.true_positive_rates == (0.0,) * 4
    assert result.num_not_comparable_pairs == 4


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keys_are_in_the_order_of_the_floats(dtype):
    values = np.array(
        [-np.inf, -3e38, -1.5, -1e-40, -0.0, 0.0, 1e-40, 1.0, 1.5, np.inf],
        dtype,
    )
    keys = radix_search.sort_keys(values)
    assert keys.dtype.itemsize == values.dtype.itemsize
    np.testing.assert_array_equal(np.argsort(keys, kind="stable"), range(10))
    assert keys[4] == keys[5]
    for key, value in zip(keys, values):
        assert radix_search.key_value(int(key), dtype) == value


@pytest.mark.parametrize(
    "options, message",
    [
        ({"false_positive_rates": (0.1, 1.1)}, "in .0, 1.; one is 1.1"),
        ({"false_positive_rates": (np.nan,)}, "one is nan"),
        ({"false_positive_rates": 0.1}, "are several, .* it is 0.1"),
        ({"camera_mode": "off"}, "`camera_mode` is one of"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=message):
        evaluate_verification(
            Descriptors(np.eye(2)),
            Descriptors(np.eye(2)),
            records([1, 2], [0, 0]),
            records([1, 2], [1, 1]),
            **options,
        )


def test_no_pair_of_different_people():
    with pytest.raises(ValueError, match="no pair of different people"):
        evaluate_verification(
            Descriptors(np.eye(2)),
            Descriptors(np.eye(2)),
            records([1, 1], [0, 0]),
            records([1, 1], [1, 1]),
        )
