import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.evaluation import Protocol, evaluate_distances
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


def records(identities, cameras):
    return Records([""] * len(identities), identities, cameras)


def three_queries():
    """Fixture with a tie, junk of both kinds and a query without a match."""
    gallery = records([1, 1, 2, 2, 3, -1], [0, 1, 0, 1, 1, 0])
    query = records([1, 2, 3], [0, 2, 1])
    distances = [
        [0.0, 0.4, 0.3, 0.4, 0.6, 0.1],
        [0.5, 0.2, 0.1, 0.7, 0.6, 0.05],
        [0.3, 0.3, 0.3, 0.3, 0.0, 0.3],
    ]
    return distances, query, gallery


def occluded_duke_trap():
    """17 of 20 query files are in the gallery as well."""
    people = np.arange(1, 21)
    query = records(people, np.zeros(20, int))
    gallery = records(
        np.concatenate([people[:17], 100 + people, people]),
        np.repeat([0, 1, 1], [17, 20, 20]),
    )
    distances = np.ones((20, 57))
    rows = np.arange(20)
    distances[rows[:17], rows[:17]] = 0.0
    distances[rows, 17 + rows] = 0.1
    distances[rows, 37 + rows] = 0.2
    return distances, query, gallery


@pytest.mark.parametrize(
    "ties, rank_2, mean, trapezoid, penalty, first",
    [
        ("pessimistic", 0.5, 0.516667, 0.414583, 0.366667, 3),
        ("optimistic", 1.0, 0.6, 0.45625, 0.45, 2),
        ("stable", 1.0, 0.6, 0.45625, 0.45, 2),
    ],
)
def test_fixture(ties, rank_2, mean, trapezoid, penalty, first):
    result = evaluate_distances(*three_queries(), protocol=Protocol(ties=ties))
    assert result.first_rank.tolist() == [first, 1, 0]
    assert result.counted.tolist() == [True, True, False]
    assert result.num_skipped == 1
    assert result.hits.shape == (3, 50)
    assert result.hits[0].tolist() == [0.0] * (first - 1) + [1.0] * (51 - first)
    assert np.isnan(result.hits[2]).all()
    assert np.isnan(result.average_precision[2])
    assert np.isnan(result.inverse_negative_penalty[2])
    assert result.metrics["rank-1"] == 0.5
    assert result.cmc[1] == rank_2
    assert result.cmc[2] == 1
    assert result.metrics["mAP"] == pytest.approx(mean, abs=1e-6)
    assert result.metrics["mINP"] == pytest.approx(penalty, abs=1e-6)
    other = evaluate_distances(
        *three_queries(),
        protocol=Protocol(ties=ties, average_precision="trapezoid"),
    )
    assert other.metrics["mAP"] == pytest.approx(trapezoid, abs=1e-6)


def test_fixture_without_the_junk_rule():
    result = evaluate_distances(
        *three_queries(), protocol=Protocol(camera_mode="none")
    )
    assert result.metrics["rank-1"] == 1.0
    assert result.metrics["mAP"] == pytest.approx(0.816667, abs=1e-6)


def test_occluded_duke_trap():
    """The file of a query must not be its own match."""
    result = evaluate_distances(*occluded_duke_trap())
    assert result.metrics["rank-1"] == 0.0
    assert result.metrics["mAP"] == 0.5
    fooled = evaluate_distances(
        *occluded_duke_trap(), protocol=Protocol(camera_mode="none")
    )
    assert fooled.metrics["rank-1"] == 0.85
    assert fooled.metrics["mAP"] == pytest.approx(0.783333, abs=1e-6)


def test_fake_cameras_remove_nothing():
    distances, query, gallery = three_queries()
    fake = evaluate_distances(
        distances, query, gallery, protocol=Protocol(camera_mode="fake")
    )
    none = evaluate_distances(
        distances, query, gallery, protocol=Protocol(camera_mode="none")
    )
    renamed = evaluate_distances(
        distances, records(query.identities, [0, 0, 0]), gallery_1(gallery)
    )
    for result in (none, renamed):
        np.testing.assert_array_equal(result.first_rank, fake.first_rank)
        assert result.metrics == fake.metrics


def gallery_1(gallery):
    return records(gallery.identities, np.ones(len(gallery), int))


@pytest.mark.parametrize("ties, first", [("pessimistic", 5), ("optimistic", 1)])
def test_equal_distances_neither_help_nor_hide(ties, first):
    gallery = records([1, 1, 2, 2, 3, 3], [1] * 6)
    result = evaluate_distances(
        np.full((3, 6), 0.5),
        records([1, 2, 3], [0] * 3),
        gallery,
        protocol=Protocol(ties=ties),
    )
    assert result.first_rank.tolist() == [first] * 3


def test_short_gallery_repeats_the_last_value_of_the_curve():
    result = evaluate_distances(
        [[0.3, 0.1, 0.2]],
        records([1], [0]),
        records([1, 2, 3], [1, 1, 1]),
        protocol=Protocol(max_rank=50),
    )
    assert result.cmc.shape == (50,)
    np.testing.assert_array_equal(result.cmc, [0, 0] + [1] * 48)
    assert result.metrics["rank-5"] == 1.0


def test_identity_zero_is_a_person():
    result = evaluate_distances(
        [[0.3, 0.1]], records([0], [0]), records([0, 5], [1, 1])
    )
    assert result.first_rank.tolist() == [2]


def test_infinite_distances_are_last():
    result = evaluate_distances(
        [[np.inf, np.inf, 0.1]], records([1], [0]), records([1, 2, 3], [1] * 3)
    )
    assert result.first_rank.tolist() == [3]


@st.composite
def ranked_sets(draw):
    """Distances with many ties, junk, missing people, tiny galleries."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    num_query, num_gallery = rng.integers(1, 9), rng.integers(1, 25)
    query = records(
        rng.integers(0, 4, num_query), rng.integers(0, 3, num_query)
    )
    gallery = records(
        rng.integers(-1, 4, num_gallery), rng.integers(0, 3, num_gallery)
    )
    levels = draw(st.sampled_from([1, 3, 8, 1000]))
    return rng.integers(0, levels, (num_query, num_gallery)), query, gallery


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    ranked=ranked_sets(),
    ties=st.sampled_from(["pessimistic", "optimistic", "stable"]),
    camera_mode=st.sampled_from(["real", "fake", "none"]),
    precision=st.sampled_from(["standard", "trapezoid"]),
    query_block=st.integers(1, 10),
    gallery_chunk=st.integers(1, 30),
)
def test_equals_a_full_sort_for_any_block_and_chunk(
    ranked, ties, camera_mode, precision, query_block, gallery_chunk
):
    distances, query, gallery = ranked
    protocol = Protocol(
        ties=ties,
        camera_mode=camera_mode,
        average_precision=precision,
        max_rank=30,
    )
    rows = [
        ranking.ranks_of_query(distances, query, gallery, q, ties, camera_mode)
        for q in range(len(query))
    ]
    if not any(rows):
        with pytest.raises(ValueError, match="has a match in the gallery"):
            evaluate_distances(distances, query, gallery, protocol=protocol)
        return
    expected = ranking.metrics(
        distances, query, gallery, ties, camera_mode, precision, 30
    )
    with blocks_of(query_block, gallery_chunk):
        result = evaluate_distances(
            distances, query, gallery, protocol=protocol
        )
    assert result.first_rank.tolist() == [row[0] if row else 0 for row in rows]
    assert result.metrics["mAP"] == pytest.approx(expected["mAP"], abs=1e-12)
    assert result.metrics["mINP"] == pytest.approx(expected["mINP"], abs=1e-12)
    np.testing.assert_allclose(result.cmc, expected["cmc"])
    assert result.num_skipped == sum(not row for row in rows)


def test_no_match_at_all_tells_why():
    message = (
        r"1 identities \(1 queries\) have no .* 2 identities \(2 queries\)"
    )
    with pytest.raises(ValueError, match=message):
        evaluate_distances(
            np.ones((3, 2)),
            records([1, 2, 9], [0, 1, 0]),
            records([1, 2], [0, 1]),
        )


@pytest.mark.parametrize(
    "distances, options, message",
    [
        (np.ones((2, 1)), {}, r"\(1, 2\).*\(2, 1\)"),
        ([[0.1, np.nan]], {}, "query 0 contain NaN"),
        ([["a", "b"]], {}, "real numbers; .* <U1"),
        ([[0.1, 2j]], {}, "real numbers; .* complex128"),
        ([[0.1, 0.2]], {"ties": "random"}, "`ties` is one of .*'random'"),
        ([[0.1, 0.2]], {"camera_mode": "off"}, "`camera_mode` is one of"),
        ([[0.1, 0.2]], {"average_precision": "map"}, "`average_precision`"),
        ([[0.1, 0.2]], {"max_rank": 0}, "`max_rank` is at least 1"),
    ],
)
def test_bad_input(distances, options, message):
    with pytest.raises(ValueError, match=message):
        evaluate_distances(
            distances,
            records([1], [0]),
            records([1, 2], [1, 1]),
            protocol=Protocol(**options),
        )


def test_two_hundred_sets_without_a_difference_under_stable_ties():
    rng = np.random.default_rng(0)
    for _ in range(200):
        query = records(rng.integers(0, 4, 4), rng.integers(0, 3, 4))
        gallery = records(
            np.append(rng.integers(-1, 4, 16), query.identities[0]),
            np.append(rng.integers(0, 3, 16), 3),
        )
        distances = rng.integers(0, 5, (4, 17))
        with blocks_of(256, 5):
            result = evaluate_distances(
                distances, query, gallery, protocol=Protocol(ties="stable")
            )
        for q in range(4):
            ranks = ranking.ranks_of_query(
                distances, query, gallery, q, "stable", "real"
            )
            assert result.first_rank[q] == (ranks[0] if ranks else 0)
            if ranks:
                assert result.average_precision[q] == pytest.approx(
                    ranking.standard_precision(ranks), abs=1e-12
                )
