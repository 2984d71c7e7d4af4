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
    nearest,
    rerank,
)
from keras_drop.evaluation.distances import part_distances
from keras_drop.evaluation.reranking import (
    k_reciprocal_encoding,
    nearest_in_set,
    reranked_distances,
)
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking, reranking

pytestmark = pytest.mark.backend_neutral


def people(rng, count, num_people, num_parts=1, dim=8, kind="visible"):
    """Descriptors of few people, close enough to have neighbours."""
    centres = rng.normal(size=(num_people, num_parts, dim))
    embeddings = centres[rng.integers(0, num_people, count)]
    embeddings = embeddings + 0.6 * rng.normal(size=embeddings.shape)
    visibility = np.ones((count, num_parts), bool)
    if kind == "binary":
        visibility = rng.random((count, num_parts)) < 0.6
    elif kind == "continuous":
        visibility = rng.random((count, num_parts))
    return Descriptors(embeddings, visibility)


def expected(images, num_query, options, k1, k2, lambda_value, power):
    """The slow version, from slow distances; no common part is the most."""
    distances, comparable = ranking.all_distances(images, images, *options)
    largest = {"euclidean": 2.0, "sqeuclidean": 4.0, "cosine": 2.0}[options[0]]
    distances[~comparable] = largest
    return reranking.rerank(distances, num_query, k1, k2, lambda_value, power)


@pytest.fixture(scope="module")
def three_hundred():
    """300 images and their Euclidean distances in float64."""
    images = people(np.random.default_rng(0), 300, 25)
    units = images.embeddings[:, 0].astype("float64")
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    return images, np.sqrt(np.maximum(2 - 2 * units @ units.T, 0))


@pytest.mark.parametrize("preset, power", [("zhong2017", 2), ("torchreid", 4)])
@pytest.mark.parametrize("k1, k2", [(20, 6), (50, 15), (5, 2)])
def test_equals_the_dense_form(three_hundred, preset, power, k1, k2):
    images, distances = three_hundred
    result = rerank(images[:40], images[40:], preset=preset, k1=k1, k2=k2)
    slow = reranking.rerank(distances, 40, k1, k2, 0.3, power)
    np.testing.assert_allclose(result.matrix(), slow, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "preset, numbers",
    [
        ("zhong2017", (20, 6, 0.3, 2)),
        ("torchreid", (20, 6, 0.3, 4)),
        ("transreid", (50, 15, 0.3, 2)),
    ],
)
def test_presets(three_hundred, preset, numbers):
    images, distances = three_hundred
    result = rerank(images[:5], images[5:], preset=preset).matrix()
    slow = reranking.rerank(distances, 5, *numbers)
    np.testing.assert_allclose(result, slow, rtol=0, atol=1e-6)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    num_parts=st.integers(1, 3),
    kind=st.sampled_from(["visible", "binary", "continuous"]),
    metric=st.sampled_from(["euclidean", "sqeuclidean", "cosine"]),
    combine=st.sampled_from(["visibility_mean", "visibility_max", "plain"]),
    rule=st.sampled_from(["sqrt", "product"]),
    copies=st.booleans(),
    power=st.sampled_from([2, 4]),
)
def test_equals_the_slow_form_of_any_distance(
    seed, num_parts, kind, metric, combine, rule, copies, power
):
    """With hidden parts, no common part and equal images."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 26))
    images = people(rng, count, 4, num_parts, kind=kind)
    if copies:
        images = images[rng.integers(0, count, count)]
    num_query = int(rng.integers(1, count))
    k1, k2 = int(rng.integers(1, count)), int(rng.integers(1, count + 1))
    lambda_value = float(rng.choice([0, 0.3, 1]))
    options = {"metric": metric, "combine": combine, "visibility_weight": rule}
    result = rerank(
        images[:num_query],
        images[num_query:],
        preset="zhong2017" if power == 2 else "torchreid",
        k1=k1,
        k2=k2,
        lambda_value=lambda_value,
        distance=Distance(**options),
    )
    slow = expected(
        images, num_query, (*options.values(),), k1, k2, lambda_value, power
    )
    np.testing.assert_allclose(result.matrix(), slow, rtol=0, atol=5e-6)


def test_hpnet_release():
    """Every image has the query's part in its own row of distances."""
    rng = np.random.default_rng(4)
    images = people(rng, 30, 5, 4, kind="binary")
    distances = ranking.hpnet_release_distances(images, images)
    distances = np.where(distances >= 1e4, distances - 1e4 + 2, distances)
    result = rerank(
        images[:8],
        images[8:],
        k1=6,
        k2=3,
        distance=Distance(metric="cosine", combine="hpnet_release"),
    )
    slow = reranking.rerank(distances, 8, 6, 3, 0.3, 2)
    np.testing.assert_allclose(result.matrix(), slow, rtol=0, atol=5e-6)


def test_nothing_depends_on_blocks_or_threads(monkeypatch):
    monkeypatch.setattr(part_distances, "QUERY_TILE", 8)
    monkeypatch.setattr(part_distances, "GALLERY_TILE", 16)
    rng = np.random.default_rng(5)
    images = people(rng, 90, 9, 2, 33, kind="continuous")
    images = images[rng.integers(0, 90, 90)]
    query, gallery = images[:30], images[30:]
    result = rerank(query, gallery, k1=9, k2=4)
    full = result.matrix()
    for _ in range(20):
        rows = np.arange(*np.sort(rng.choice(31, 2, False)))
        columns = rng.permutation(60)[: rng.integers(1, 60)]
        np.testing.assert_array_equal(
            result.block(rows, columns), full[np.ix_(rows, columns)]
        )
    for cores in ("1", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", cores)
        monkeypatch.setattr(nearest_in_set, "_ROWS", int(rng.integers(1, 30)))
        monkeypatch.setattr(nearest_in_set, "_COLUMNS", 25)
        monkeypatch.setattr(k_reciprocal_encoding, "_ROWS", 7)
        monkeypatch.setattr(reranked_distances, "_ENTRIES", 50)
        monkeypatch.setattr(reranked_distances, "_QUERY_BLOCK", 4)
        again = rerank(query, gallery, k1=9, k2=4)
        np.testing.assert_array_equal(again.matrix(), full)


def with_records(rng, count, lowest=-1):
    return Records(
        [""] * count, rng.integers(lowest, 5, count), rng.integers(0, 2, count)
    )


@pytest.mark.parametrize("preset", ["zhong2017", "torchreid", "transreid"])
def test_evaluation_leaves_junk_out_and_matchless_queries_in(preset):
    """As if the junk were not in the gallery, whatever the order of files."""
    rng = np.random.default_rng(6)
    images = people(rng, 120, 6, 2, kind="binary")
    query, gallery = images[:30], images[30:]
    records = with_records(rng, 30, 0), with_records(rng, 90)
    records[0].identities[3] = 77
    kept = records[1].identities != -1
    assert np.count_nonzero(~kept) > 5
    result = evaluate_retrieval(query, gallery, *records, rerank=preset)
    distances = rerank(query, gallery[kept], preset=preset).matrix()
    by_hand = evaluate_distances(distances, records[0], records[1][kept])
    assert result.metrics == by_hand.metrics
    assert result.num_skipped == 1
    assert result.num_not_comparable_pairs == 0
    plain = evaluate_retrieval(query, gallery, *records)
    assert result.metrics != plain.metrics
    assert plain.num_not_comparable_pairs > 0


def test_nearest_after_reranking():
    rng = np.random.default_rng(7)
    images = people(rng, 60, 6)
    query, gallery = images[:10], images[10:]
    records = with_records(rng, 10, 0), with_records(rng, 50)
    kept = np.flatnonzero(records[1].identities != -1)
    with blocks_of(3, 8):
        rows, values = nearest(
            query,
            gallery,
            *records,
            k=4,
            rerank="zhong2017",
            camera_mode="none",
        )
    distances = rerank(query, gallery[kept]).matrix()
    order = np.argsort(distances, axis=1, kind="stable")[:, :4]
    np.testing.assert_array_equal(rows, kept[order])
    np.testing.assert_array_equal(
        values, np.take_along_axis(distances, order, axis=1)
    )


@pytest.mark.parametrize(
    "options, message",
    [
        ({}, r"`k1` is .* from 1 to 8 .* N = 9 images together; it is 20"),
        ({"k1": 9}, "N = 9 images"),
        ({"k1": 0}, "`k1` is a whole number from 1 to 8.*it is 0"),
        ({"k1": 2.5}, "`k1` is a whole number .* it is 2.5"),
        ({"k1": 8, "k2": 10}, "`k2` is a whole number from 1 to 9.*it is 10"),
        ({"k1": 8, "lambda_value": 1.5}, r"in \[0, 1\]; it is 1.5"),
        ({"preset": "zhong2018"}, "`preset` is one of .*'zhong2018'"),
    ],
)
def test_refuses(options, message):
    images = people(np.random.default_rng(8), 9, 3)
    with pytest.raises(ValueError, match=message):
        rerank(images[:2], images[2:], **options)


def test_refuses_sides_that_do_not_fit():
    rng = np.random.default_rng(9)
    query, gallery = people(rng, 9, 3, dim=4), people(rng, 9, 3, dim=5)
    with pytest.raises(ValueError, match="have 4 values"):
        rerank(query, gallery)


def test_evaluation_refuses_too_few_images():
    rng = np.random.default_rng(10)
    images = people(rng, 9, 3)
    records = Records([""] * 9, [1] * 9, [0] * 9)
    with pytest.raises(ValueError, match="N = 18 images"):
        evaluate_retrieval(
            images,
            images,
            records,
            records,
            protocol=Protocol(camera_mode="none"),
            rerank="zhong2017",
        )
    with pytest.raises(ValueError, match="`rerank` is one of 'off'"):
        nearest(images, images, records, records, rerank="on")
