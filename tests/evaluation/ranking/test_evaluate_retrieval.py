import builtins

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    Protocol,
    evaluate_distances,
    evaluate_retrieval,
    evaluate_verification,
    nearest,
)
from keras_drop.evaluation.distances import part_distances
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


def records(identities, cameras):
    return Records([""] * len(identities), identities, cameras)


@st.composite
def people(draw):
    """Query and gallery; lattice embeddings tie exactly, others do not."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    lattice, continuous = draw(
        st.sampled_from([(True, False), (False, False), (False, True)])
    )
    num_gallery = draw(st.sampled_from([1, rng.integers(2, 25)]))
    sides = []
    for count in (rng.integers(1, 8), num_gallery):
        embeddings = rng.normal(size=(count, 2, 4))
        if lattice:
            embeddings = rng.choice([-1.0, 1.0], (count, 2, 4))
        visibility = rng.random((count, 2))
        seen = visibility < 0.7
        visibility = visibility * seen if continuous else seen
        sides += [Descriptors(embeddings, visibility)]
        sides += [
            records(rng.integers(-1, 4, count), rng.integers(0, 2, count))
        ]
    query, query_records, gallery, gallery_records = sides
    return query, gallery, query_records, gallery_records, lattice


@settings(deadline=None, max_examples=120, derandomize=True)
@given(
    people=people(),
    metric=st.sampled_from(["euclidean", "sqeuclidean", "cosine"]),
    combine=st.sampled_from(["visibility_mean", "visibility_max", "plain"]),
    ties=st.sampled_from(["pessimistic", "optimistic", "stable"]),
    no_common=st.sampled_from(["sentinel", "max_plus_1"]),
    camera_mode=st.sampled_from(["real", "fake", "none"]),
    precision=st.sampled_from(["standard", "trapezoid"]),
    max_rank=st.sampled_from([1, 3, 50]),
    query_block=st.integers(1, 9),
    gallery_chunk=st.integers(1, 30),
)
def test_equals_the_full_sort_of_the_slow_distances(
    people,
    metric,
    combine,
    ties,
    no_common,
    camera_mode,
    precision,
    max_rank,
    query_block,
    gallery_chunk,
):
    query, gallery, query_records, gallery_records, lattice = people
    # Sums of irrational roots need not tie in two ways of computing them.
    metric = "sqeuclidean" if lattice else metric
    distances, comparable = ranking.all_distances(
        query, gallery, metric, combine
    )
    options = {
        "distance": Distance(metric, combine, no_common=no_common),
        "protocol": Protocol(
            ties=ties,
            camera_mode=camera_mode,
            average_precision=precision,
            max_rank=max_rank,
        ),
    }
    sides = query_records, gallery_records
    rows = [
        ranking.ranks_of_query(distances, *sides, q, ties, camera_mode)
        for q in range(len(query))
    ]
    if not any(rows):
        with pytest.raises(ValueError, match="has a match in the gallery"):
            evaluate_retrieval(query, gallery, *sides, **options)
        return
    with blocks_of(query_block, gallery_chunk):
        result = evaluate_retrieval(query, gallery, *sides, **options)
    assert result.first_rank.tolist() == [row[0] if row else 0 for row in rows]
    expected = ranking.metrics(
        distances, *sides, ties, camera_mode, precision, max_rank
    )
    assert result.metrics["mAP"] == pytest.approx(expected["mAP"], abs=1e-12)
    assert result.metrics["mINP"] == pytest.approx(expected["mINP"], abs=1e-12)
    np.testing.assert_allclose(result.cmc, expected["cmc"])
    kept = np.array(
        [
            [
                bool(rows[q])
                and not ranking.is_dropped(*sides, q, g, camera_mode)
                for g in range(len(gallery))
            ]
            for q in range(len(query))
        ]
    )
    lost = kept & ~comparable
    if combine == "plain":
        lost[:] = False
    assert result.num_not_comparable_pairs == lost.sum()
    alone = (lost.sum(axis=1) == kept.sum(axis=1)) & kept.any(axis=1)
    assert result.num_not_comparable_queries == alone.sum()


def test_collapsed_features_are_worth_nothing():
    """One embedding for all: rounding must not order what is equal."""
    rng = np.random.default_rng(0)
    embedding = rng.normal(size=(1, 3, 131))
    query = Descriptors(np.tile(embedding, (40, 1, 1)))
    gallery = Descriptors(np.tile(embedding, (90, 1, 1)))
    sides = records(np.arange(40), [0] * 40), records(np.arange(90), [1] * 90)
    for ties, expected in (("pessimistic", 90), ("optimistic", 1)):
        result = evaluate_retrieval(
            query, gallery, *sides, protocol=Protocol(ties=ties)
        )
        assert (result.first_rank == expected).all()


def test_any_block_gives_the_same_to_the_last_bit(monkeypatch):
    monkeypatch.setattr(part_distances, "QUERY_TILE", 16)
    monkeypatch.setattr(part_distances, "GALLERY_TILE", 32)
    rng = np.random.default_rng(1)
    query, gallery = (
        Descriptors(rng.normal(size=(n, 2, 33)), rng.random((n, 2)))
        for n in (50, 150)
    )
    gallery = gallery[rng.integers(0, 150, 200)]
    sides = (
        records(rng.integers(0, 9, 50), rng.integers(0, 3, 50)),
        records(rng.integers(-1, 9, 200), rng.integers(0, 3, 200)),
    )
    results = []
    for sizes in ((256, 65536), (1, 7), (16, 32), (23, 61)):
        with blocks_of(*sizes):
            results.append(evaluate_retrieval(query, gallery, *sides))
    for result in results[1:]:
        np.testing.assert_array_equal(
            result.average_precision, results[0].average_precision
        )
        np.testing.assert_array_equal(result.first_rank, results[0].first_rank)


def test_mapped_files_and_other_floats_give_the_same(tmp_path):
    rng = np.random.default_rng(2)
    # Values that every type has exactly.
    values = rng.integers(-8, 9, (40, 2, 5)).astype("float32")
    sides = (
        records(rng.integers(0, 6, 10), [0] * 10),
        records(rng.integers(0, 6, 30), [1] * 30),
    )
    np.save(tmp_path / "embeddings.npy", values)
    mapped = np.load(tmp_path / "embeddings.npy", mmap_mode="r")
    results = [
        evaluate_retrieval(
            Descriptors(embeddings[:10]), Descriptors(embeddings[10:]), *sides
        )
        for embeddings in (
            values,
            mapped,
            values.astype("float64"),
            values.astype("float16"),
            values.astype("int8"),
            values.astype(ml_dtypes.bfloat16),
        )
    ]
    assert 0 < results[0].metrics["mAP"] < 1
    for result in results[1:]:
        np.testing.assert_array_equal(
            result.average_precision, results[0].average_precision
        )


def test_single_shot_of_descriptors_is_that_of_their_distances():
    rng = np.random.default_rng(3)
    query, gallery = (
        Descriptors(rng.normal(size=(n, 2, 4)), rng.random((n, 2)) < 0.6)
        for n in (6, 30)
    )
    sides = (
        records(rng.integers(0, 5, 6), rng.integers(0, 2, 6)),
        records(rng.integers(-1, 5, 30), rng.integers(0, 2, 30)),
    )
    distances, _ = ranking.all_distances(query, gallery)
    for repeats in (9, "exact"):
        protocol = Protocol(gallery_shot="single", repeats=repeats, seed=4)
        found = evaluate_retrieval(query, gallery, *sides, protocol=protocol)
        expected = evaluate_distances(distances, *sides, protocol=protocol)
        np.testing.assert_allclose(found.hits, expected.hits, atol=1e-12)
        assert 0 < found.cmc[0] < 1


def test_no_file_is_written(tmp_path, monkeypatch):
    def read_only(file, mode="r", *arguments, **options):
        assert not set(mode) & set("wax+"), f"{file} opened to be written"
        return open_(file, mode, *arguments, **options)

    open_ = builtins.open
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "open", read_only)
    for shot in ("multi", "single"):
        evaluate_retrieval(*one_pair(), protocol=Protocol(gallery_shot=shot))
    evaluate_distances([[0.1, 0.2]], *one_pair()[2:])
    evaluate_verification(*one_pair())
    nearest(*one_pair(), k=1)
    assert not list(tmp_path.iterdir())


def one_pair():
    sides = records([1], [0]), records([1, 2], [1, 1])
    return (
        Descriptors(np.ones((1, 2, 3))),
        Descriptors(np.ones((2, 2, 3))),
        *sides,
    )


def test_one_image_gallery():
    query, gallery, query_records, gallery_records = one_pair()
    result = evaluate_retrieval(
        query, gallery[:1], query_records, gallery_records[[0]]
    )
    assert set(result.metrics.values()) == {1.0}


@pytest.mark.parametrize(
    "place, value, message",
    [
        (0, Descriptors(np.ones((2, 2, 3))), "query has 2 descriptors and 1"),
        (3, records([1], [1]), "gallery has 2 descriptors and 1 records"),
        (0, Descriptors(np.ones((1, 3, 3))), "embedding_2, the gallery"),
        (0, Descriptors(np.ones((1, 2, 4))), "query have 4 values, .* 3"),
        (
            0,
            Descriptors(np.ones((1, 2, 3)), names=("head", "torso")),
            "head, torso",
        ),
        (2, records([1], [1]), "lose all of theirs to the junk"),
        (2, records([9], [0]), r"1 identities \(1 queries\) have no gallery"),
    ],
)
def test_sides_that_do_not_fit(place, value, message):
    arguments = list(one_pair())
    arguments[place] = value
    with pytest.raises(ValueError, match=message):
        evaluate_retrieval(*arguments)


def test_empty_sides():
    nothing = Descriptors(np.ones((0, 2, 3))), records([], [])
    query, gallery, query_records, gallery_records = one_pair()
    with pytest.raises(ValueError, match="query is empty"):
        evaluate_retrieval(nothing[0], gallery, nothing[1], gallery_records)
    with pytest.raises(ValueError, match="gallery is empty"):
        evaluate_retrieval(query, nothing[0], query_records, nothing[1])


def test_the_name_of_a_protocol_is_enough():
    result = evaluate_retrieval(*one_pair(), protocol="occluded_duke")
    assert result.hits.shape == (1, 50)
    with pytest.raises(ValueError, match="'occluded_duk'"):
        evaluate_retrieval(*one_pair(), protocol="occluded_duk")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"distance": "cosine"}, "is a `Distance`, .*; it is 'cosine'"),
        ({"protocol": Distance()}, r"is a `Protocol`, .*; it is Distance\("),
    ],
)
def test_other_values(options, message):
    with pytest.raises(ValueError, match=message):
        evaluate_retrieval(*one_pair(), **options)


def test_unknown_rerank():
    with pytest.raises(ValueError, match=r"`rerank` is one of .* 'zhong2017'"):
        evaluate_retrieval(*one_pair(), rerank="zhong")


def test_hpnet_release_counts_what_cannot_be_compared():
    """Its sentinel is the second of two means: no distance is 10,000."""
    query = Descriptors([[[1.0, 0.0]] * 2], [[True, False]])
    gallery = Descriptors(
        [[[1.0, 0.1]] * 2, [[0.0, 1.0]] * 2, [[0.1, 1.0]] * 2],
        [[True, True], [False, True], [True, False]],
    )
    result = evaluate_retrieval(
        query,
        gallery,
        Records(["a"], [1], [0]),
        Records(["b", "c", "d"], [1, 2, 3], [1, 1, 1]),
        distance=Distance(metric="cosine", combine="hpnet_release"),
    )
    assert result.num_not_comparable_pairs == 1
    assert result.num_not_comparable_queries == 0
    assert result.first_rank.tolist() == [1]
