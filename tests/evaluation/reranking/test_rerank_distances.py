import numpy as np
import pytest

from keras_drop.evaluation import rerank_distances
from tests.reference import reranking

pytestmark = pytest.mark.backend_neutral

QUERY = np.array([(0, 0), (4, 0.5)])
GALLERY = np.array(
    [(0.3, 0.1), (0.1, 0.6), (3.7, 0.1), (4.2, 1.1), (2, 2.2), (0.9, 0.2)]
)


def between(x, y):
    return np.sqrt(np.square(x[:, None] - y).sum(axis=-1))


def plane(**options):
    """The plane points of the specification, re-ranked."""
    return rerank_distances(
        between(QUERY, GALLERY),
        between(QUERY, QUERY),
        between(GALLERY, GALLERY),
        **{"k1": 3, "k2": 2, "lambda_value": 0.3, **options},
    ).matrix()


@pytest.mark.parametrize(
    "options, expected",
    [
        (
            {},
            [
                [0.001592, 0.010389, 0.918037, 1.000000, 0.607356, 0.025845],
                [0.955692, 0.980985, 0.004615, 0.134243, 0.763157, 0.879077],
            ],
        ),
        (
            {"preset": "torchreid"},
            [
                [0.000008, 0.000205, 0.858467, 1.000000, 0.532645, 0.001539],
                [0.917929, 0.963175, 0.000071, 0.145405, 0.679383, 0.806895],
            ],
        ),
        (
            {"k2": 1},
            [[0.007264, 0.014860, 0.918037, 1.000000, 0.840690, 0.037946]],
        ),
        (
            {"lambda_value": 0},
            [[0, 0.006429, 1, 1, 0.666667, 0.017595]],
        ),
    ],
    ids=["zhong2017", "torchreid", "one encoding", "jaccard"],
)
def test_plane_fixture(options, expected):
    result = plane(**options)
    assert result.shape == (2, 6) and result.dtype == "float32"
    np.testing.assert_allclose(
        result[: len(expected)], expected, rtol=0, atol=1.1e-6
    )


def test_lambda_of_1_keeps_the_order():
    result = plane(lambda_value=1.0)
    squares = between(QUERY, GALLERY) ** 2
    everyone = between(QUERY, np.concatenate([QUERY, GALLERY])) ** 2
    np.testing.assert_allclose(
        result, squares / everyone.max(axis=1, keepdims=True), rtol=1e-6
    )
    np.testing.assert_array_equal(result.argsort(), squares.argsort())


@pytest.mark.parametrize("seed", range(30))
def test_ties_go_to_the_lower_index(seed):
    """Whole distances: most neighbour lists are decided by the tie rule."""
    rng = np.random.default_rng(seed)
    num_query, count = rng.integers(1, 6), rng.integers(12, 20)
    distances = rng.integers(0, 4, (count, count))
    distances = np.minimum(distances, distances.T).astype("float64")
    options = {
        "k1": int(rng.integers(1, 10)),
        "k2": int(rng.integers(1, 12)),
        "lambda_value": 0.25,
    }
    result = rerank_distances(
        distances[:num_query, num_query:],
        distances[:num_query, :num_query],
        distances[num_query:, num_query:],
        preset="torchreid",
        **options,
    )
    expected = reranking.rerank(distances, num_query, **options, power=4)
    np.testing.assert_allclose(result.matrix(), expected, atol=1e-6)


def test_everybody_at_the_same_place():
    result = rerank_distances(
        np.zeros((2, 3)), np.zeros((2, 2)), np.zeros((3, 3)), k1=4, k2=2
    )
    np.testing.assert_allclose(result.matrix(), np.zeros((2, 3)), atol=1e-6)


@pytest.mark.parametrize("dtype", ["int32", "float16", "float32"])
def test_any_real_numbers(dtype):
    rng = np.random.default_rng(1)
    points = rng.integers(0, 9, (20, 1))
    distances = np.abs(points - points.T)
    blocks = distances[:4, 4:], distances[:4, :4], distances[4:, 4:]
    result, expected = (
        rerank_distances(*sides, k1=4, k2=2).matrix()
        for sides in (
            [b.astype(dtype) for b in blocks],
            map(np.ndarray.tolist, blocks),
        )
    )
    assert result.dtype == "float32"
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_odd_k1():
    """Half of 5 is 2, half of 7 is 4: a half is rounded to the even."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 3))
    distances = between(points, points)
    for k1 in (5, 7):
        result = rerank_distances(
            distances[:10, 10:],
            distances[:10, :10],
            distances[10:, 10:],
            k1=k1,
            k2=3,
        )
        expected = reranking.rerank(distances, 10, k1, 3, 0.3, 2)
        np.testing.assert_allclose(result.matrix(), expected, atol=1e-6)


@pytest.mark.parametrize(
    "blocks, message",
    [
        ((np.zeros(3), 0, 0), r"`query_gallery` has the shape .*; it is \(3,"),
        ((np.zeros((0, 3)), 0, 0), r"without a 0; it is \(0, 3\)"),
        (
            (np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((3, 3))),
            r"2 rows of `query_query` need the shape \(2, 2\).*\(2, 3\)",
        ),
        (
            (np.zeros((2, 3)), np.zeros((2, 2)), np.zeros((2, 2))),
            r"3 rows of `gallery_gallery` need the shape \(3, 3\)",
        ),
        (
            (np.zeros((2, 3)), [[0, 1], [-1, 0]], np.zeros((3, 3))),
            "Row 1 of `query_query` has a distance that is negative",
        ),
        (
            (np.full((2, 3), np.nan), np.zeros((2, 2)), np.zeros((3, 3))),
            "Row 0 of `query_gallery`.*not finite",
        ),
    ],
)
def test_refuses_what_are_no_distances(blocks, message):
    with pytest.raises(ValueError, match=message):
        rerank_distances(*blocks, k1=2, k2=1)
