import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.evaluation import Protocol, evaluate_distances
from keras_drop.evaluation.ranking import random_shots
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import single_shot

pytestmark = pytest.mark.backend_neutral


def records(identities, cameras=None):
    count = len(identities)
    return Records(
        [""] * count, identities, np.ones(count, int) * (cameras or 0)
    )


def one_query(**options):
    """Matches at 0.2 and 0.5; three other people, of 2, 3 and 1 images."""
    return evaluate_distances(
        [[0.2, 0.1, 0.3, 0.4, 0.9, 0.5, 0.6, 0.7]],
        records([1]),
        records([1, 2, 3, 3, 4, 1, 2, 3], 1),
        protocol=Protocol(
            **{"gallery_shot": "single", "max_rank": 4, **options}
        ),
    )


def test_fixture():
    exact = one_query(repeats="exact")
    np.testing.assert_allclose(exact.cmc, [1 / 3, 5 / 6, 1, 1], atol=1e-12)
    drawn = one_query(repeats=200_000, seed=3)
    np.testing.assert_allclose(drawn.cmc, exact.cmc, atol=0.005)


def test_all_else_is_of_the_full_gallery():
    single, multi = one_query(), one_query(gallery_shot="multi")
    assert single.cmc[0] != multi.cmc[0]
    assert single.metrics["rank-1"] == single.cmc[0]
    for name in ("mAP", "mINP"):
        assert single.metrics[name] == multi.metrics[name]
    assert single.first_rank == multi.first_rank == 2


def test_ranks_beyond_the_curve_are_left_out():
    assert list(one_query().metrics) == ["rank-1", "mAP", "mINP"]


@st.composite
def small_sets(draw):
    """Few enough images for all galleries of one image per identity."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    num_query, num_gallery = rng.integers(1, 5), rng.integers(1, 10)
    query, gallery = (
        Records(
            [""] * count,
            rng.integers(low, 4, count),
            rng.integers(0, 3, count),
        )
        for count, low in ((num_query, 0), (num_gallery, -1))
    )
    levels = draw(st.sampled_from([1, 3, 1000]))
    return rng.integers(0, levels, (num_query, num_gallery)), query, gallery


@settings(deadline=None, max_examples=150, derandomize=True)
@given(
    sets=small_sets(),
    ties=st.sampled_from(["pessimistic", "optimistic", "stable"]),
    camera_mode=st.sampled_from(["real", "fake", "none"]),
    max_rank=st.integers(1, 6),
    query_block=st.integers(1, 5),
    gallery_chunk=st.integers(1, 10),
)
def test_exact_equals_the_mean_over_all_galleries(
    sets, ties, camera_mode, max_rank, query_block, gallery_chunk
):
    num_query = len(sets[1])
    expected = [
        single_shot.expected_curve(*sets, q, ties, camera_mode, max_rank)
        for q in range(num_query)
    ]
    if not any(expected):
        return
    options = {
        "gallery_shot": "single",
        "ties": ties,
        "camera_mode": camera_mode,
        "max_rank": max_rank,
    }
    with blocks_of(query_block, gallery_chunk):
        result = evaluate_distances(
            *sets, protocol=Protocol(repeats="exact", **options)
        )
    assert result.hits.shape == (num_query, max_rank)
    for row, curve in zip(result.hits, expected):
        np.testing.assert_allclose(
            row, [np.nan] * max_rank if curve is None else curve, atol=1e-12
        )
    np.testing.assert_allclose(
        result.cmc, np.mean([row for row in expected if row], axis=0)
    )
    drawn = evaluate_distances(
        *sets, protocol=Protocol(repeats=2000, **options)
    )
    np.testing.assert_allclose(drawn.hits, result.hits, atol=0.06)


@pytest.mark.parametrize("repeats", [7, "exact"])
def test_blocks_change_nothing(repeats, monkeypatch):
    rng = np.random.default_rng(2)
    sides = (
        Records([""] * 9, rng.integers(0, 5, 9), rng.integers(0, 3, 9)),
        Records([""] * 40, rng.integers(-1, 5, 40), rng.integers(0, 3, 40)),
    )
    distances = rng.random((9, 40))
    protocol = Protocol(gallery_shot="single", repeats=repeats, seed=5)
    whole = evaluate_distances(distances, *sides, protocol=protocol)
    monkeypatch.setattr(random_shots, "_DRAWS", 14)
    for block, chunk in ((1, 1), (2, 7), (4, 100)):
        with blocks_of(block, chunk):
            result = evaluate_distances(distances, *sides, protocol=protocol)
        np.testing.assert_array_equal(result.hits, whole.hits)


def test_exact_of_many_people():
    """More galleries than can be looked at, one by one."""
    rng = np.random.default_rng(6)
    identities = np.concatenate([np.zeros(4, int), np.arange(600) % 150 + 1])
    values = rng.random(604)
    values[:4] = 0.004, 0.06, 0.3, 0.9
    expected = single_shot.expected_curve_of_many(values, identities, 0, 12)
    assert 0.3 < expected[-1] < 0.49
    shuffled = rng.permutation(604)
    protocol = Protocol(gallery_shot="single", repeats="exact", max_rank=12)
    curves = []
    for chunk in (1000, 1, 7, 333):
        with blocks_of(256, chunk):
            result = evaluate_distances(
                values[None, shuffled],
                records([0]),
                records(identities[shuffled], 1),
                protocol=protocol,
            )
        curves.append(result.cmc)
    np.testing.assert_allclose(curves[0], expected, atol=1e-12)
    for curve in curves[1:]:
        np.testing.assert_array_equal(curve, curves[0])


def test_draws_follow_from_the_seed_and_the_query():
    rng = np.random.default_rng(3)
    row = rng.random(30)
    query = records([1] * 3)
    gallery = records(np.arange(30) % 5, 1)

    def hits(rows, seed):
        return evaluate_distances(
            rows,
            query,
            gallery,
            protocol=Protocol(gallery_shot="single", seed=seed),
        ).hits

    same = hits([row] * 3, 1)
    assert (same[0] != same[1]).any()
    np.testing.assert_array_equal(hits([row] * 3, 1), same)
    assert (hits([row] * 3, 2) != same).any()
    other = hits([row, 1 - row, row], 1)
    np.testing.assert_array_equal(other[[0, 2]], same[[0, 2]])


@pytest.mark.parametrize(
    "identities, mirrored",
    [
        ([1, 2, 2], ([0.2, 0.1, 0.3], [0.2, 0.3, 0.1])),
        ([1, 1, 2], ([0.1, 0.3, 0.2], [0.3, 0.1, 0.2])),
    ],
)
def test_two_models_see_the_same_galleries(identities, mirrored):
    """What is ahead for the one is behind for the other, draw by draw."""
    first, second = (
        evaluate_distances(
            [row],
            records([1]),
            records(identities, 1),
            protocol=Protocol(gallery_shot="single", repeats=33),
        ).cmc[0]
        for row in mirrored
    )
    assert first + second == pytest.approx(1)
    assert 0 < first < 1


@pytest.mark.parametrize("repeats", [3, "exact"])
def test_one_image_per_identity_is_the_full_gallery(repeats):
    rng = np.random.default_rng(4)
    sides = records(np.arange(12)), records(rng.permutation(12), 1)
    distances = rng.integers(0, 6, (12, 12))
    single, multi = (
        evaluate_distances(
            distances,
            *sides,
            protocol=Protocol(gallery_shot=shot, repeats=repeats),
        )
        for shot in ("single", "multi")
    )
    np.testing.assert_array_equal(single.cmc, multi.cmc)
    np.testing.assert_array_equal(single.hits, multi.hits)


def test_junk_is_never_drawn():
    """The query's own camera and identity -1 are as near as can be."""
    query = Records([""], [1], [0])
    gallery = Records([""] * 4, [1, 1, -1, 2], [0, 1, 1, 1])
    for repeats in (50, "exact"):
        result = evaluate_distances(
            [[0.0, 0.2, 0.1, 0.3]],
            query,
            gallery,
            protocol=Protocol(gallery_shot="single", repeats=repeats),
        )
        np.testing.assert_array_equal(result.cmc, np.ones(50))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"gallery_shot": "one"}, "`gallery_shot` is one of 'multi', 'single'"),
        ({"repeats": 0}, "`repeats` is a whole number from 1.* 0"),
        ({"repeats": 1.5}, "`repeats` .* 1.5"),
        ({"repeats": "all"}, "`repeats` .* 'all'"),
        ({"seed": -1}, "`seed` is a whole number from 0; it is -1"),
        ({"seed": None}, "`seed` .* None"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=message):
        one_query(**options)
