import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, nearest
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


def random_side(rng, count):
    embeddings = rng.choice([-1.0, 1.0], (count, 2, 4))
    return (
        Descriptors(embeddings, rng.random((count, 2)) < 0.7),
        Records(
            [""] * count, rng.integers(-1, 4, count), rng.integers(0, 2, count)
        ),
    )


@pytest.mark.filterwarnings("ignore:.*queries have fewer than 28")
@pytest.mark.parametrize("camera_mode", ["real", "none"])
@pytest.mark.parametrize("seed", range(4))
def test_equals_a_full_sort(seed, camera_mode):
    rng = np.random.default_rng(seed)
    query, query_records = random_side(rng, 7)
    gallery, gallery_records = random_side(rng, 30)
    sides = query_records, gallery_records
    distances, _ = ranking.all_distances(query, gallery, "sqeuclidean")
    with blocks_of(3, 7):
        rows, values = nearest(
            query,
            gallery,
            *sides,
            k=28,
            distance=Distance(metric="sqeuclidean"),
            camera_mode=camera_mode,
        )
    assert rows.shape == values.shape == (7, 28)
    for q in range(7):
        order = [
            g
            for g in np.argsort(distances[q], kind="stable")
            if not ranking.is_dropped(*sides, q, g, camera_mode)
        ][:28]
        padding = [-1] * (28 - len(order))
        assert rows[q].tolist() == order + padding
        np.testing.assert_allclose(values[q, : len(order)], distances[q, order])
        assert np.isinf(values[q, len(order) :]).all()


def test_max_plus_1_is_reported():
    query = Descriptors(np.eye(2)[None], [[True, False]])
    gallery = Descriptors(
        np.eye(2)[None].repeat(2, 0), [[False, True], [True] * 2]
    )
    rows, values = nearest(
        query,
        gallery,
        Records(["a"], [1], [0]),
        Records(["b", "c"], [1, 2], [1, 1]),
        k=2,
        distance=Distance(no_common="max_plus_1"),
    )
    assert rows.tolist() == [[1, 0]]
    np.testing.assert_allclose(values, [[0.0, 1.0]], atol=1e-3)


def test_zero_neighbours_are_refused():
    rng = np.random.default_rng(0)
    query, query_records = random_side(rng, 2)
    with pytest.raises(ValueError, match="`k` is at least 1"):
        nearest(query, query, query_records, query_records, k=0)


def test_a_gallery_of_junk_is_refused():
    records = Records(["a"], [1], [0])
    junk = Records(["b", "c"], [-1, -1], [0, 1])
    with pytest.raises(ValueError, match="All 2 gallery images have the id"):
        nearest(
            Descriptors(np.eye(2)[:1]), Descriptors(np.eye(2)), records, junk
        )


def test_nobody_need_be_known():
    rng = np.random.default_rng(3)
    query, _ = random_side(rng, 5)
    gallery, _ = random_side(rng, 9)
    rows, values = nearest(query, gallery, k=50)
    distances, _ = ranking.all_distances(query, gallery, "euclidean")
    wanted = np.argsort(distances, axis=1, kind="stable")
    assert rows.tolist() == wanted.tolist()
    assert values.shape == (5, 9) and (rows >= 0).all()
    with pytest.raises(ValueError, match="or neither"):
        nearest(query, gallery, gallery_records=Records([], [], []))


def test_too_few_images_are_not_passed_over():
    records = Records(["a"], [1], [0])
    others = Records(["b", "c"], [1, 2], [0, 0])
    sides = Descriptors(np.eye(2)[:1]), Descriptors(np.eye(2))
    with pytest.warns(UserWarning, match="1 of 1 queries have fewer than 2"):
        rows, _ = nearest(*sides, records, others, k=2)
    assert rows.tolist() == [[1, -1]]


@pytest.mark.parametrize("k", [0, 2.5, 3.0, "5", None])
def test_the_number_of_images_is_whole(k):
    people = Descriptors(np.eye(2))
    with pytest.raises(ValueError, match="`k` is at least 1, a whole"):
        nearest(people, people, k=k)
