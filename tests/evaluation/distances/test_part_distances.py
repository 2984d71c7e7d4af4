import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, PartDistances
from keras_drop.evaluation.distances import part_distances
from keras_drop.evaluation.distances.part_distances import LARGEST_DISTANCE
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


def at_distances(distances):
    """Two sets of one image whose parts are `distances` apart."""
    cosines = 1 - np.square(distances) / 2
    turned = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=-1)
    return np.tile([1.0, 0.0], (1, len(distances), 1)), turned[None]


def one_distance(distances, v_query, v_gallery, *arguments, **options):
    x, y = at_distances(np.array(distances))
    sides = Descriptors(3 * x, [v_query]), Descriptors(0.1 * y, [v_gallery])
    found = PartDistances(*sides, [0], [0], *arguments, **options)
    return found.block(np.array([0]), np.array([0]))[0, 0]


BINARY = np.array([[1, 1, 0, 1], [1, 0, 1, 1]], bool)


@pytest.mark.parametrize(
    "combine, expected",
    [("visibility_mean", 0.5), ("visibility_max", 0.8), ("plain", 0.5)],
)
def test_binary_fixture(combine, expected):
    distance = one_distance(
        (0.2, 0.4, 0.6, 0.8), *BINARY, distance=Distance(combine=combine)
    )
    assert distance == pytest.approx(expected, abs=1e-6)
    assert distance.dtype == "float32"


@pytest.mark.parametrize(
    "weight, expected", [("sqrt", 0.309091), ("product", 0.246626)]
)
def test_continuous_fixture(weight, expected):
    distance = one_distance(
        (0.2, 0.4, 0.6, 0.8),
        (1, 0.64, 0.25, 0),
        (1, 0.25, 0.25, 1),
        distance=Distance(visibility_weight=weight),
    )
    assert distance == pytest.approx(expected, abs=1e-6)


def random_descriptors(rng, count, num_parts=3, dim=5, kind="binary"):
    visibility = rng.random((count, num_parts))
    if kind == "binary":
        visibility = visibility < 0.6
    elif kind == "foreground":
        visibility = visibility < 0.6
        visibility[:, 0] = True
    elif kind == "visible":
        visibility = np.ones((count, num_parts), bool)
    return Descriptors(rng.normal(size=(count, num_parts, dim)), visibility)


@pytest.mark.parametrize("kind", ["binary", "foreground", "continuous"])
@pytest.mark.parametrize("rule", ["sqrt", "product"])
@pytest.mark.parametrize(
    "combine", ["visibility_mean", "visibility_max", "plain"]
)
@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cosine"])
def test_matches_reference(metric, combine, rule, kind):
    rng = np.random.default_rng(1)
    query = random_descriptors(rng, 6, kind=kind)
    gallery = random_descriptors(rng, 9, kind=kind)
    expected, comparable = ranking.all_distances(
        query, gallery, metric, combine, rule
    )
    distances = PartDistances(
        query,
        gallery,
        np.arange(6),
        np.arange(9),
        Distance(metric, combine, rule),
    )
    block = distances.block(np.arange(6), np.arange(9))
    np.testing.assert_allclose(block, expected, rtol=1e-5, atol=1e-5)
    if kind == "binary" and combine != "plain":
        assert not comparable.all()
        assert distances.no_common_distance == 1e4
        np.testing.assert_array_equal(block == 1e4, ~comparable)
    else:
        assert distances.no_common_distance is None


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cosine"])
def test_everything_visible_is_plain(metric):
    rng = np.random.default_rng(2)
    query = random_descriptors(rng, 4, kind="visible")
    gallery = random_descriptors(rng, 5, kind="visible")
    rows = np.arange(4), np.arange(5)
    mean, plain = (
        PartDistances(query, gallery, *rows, Distance(metric, combine)).block(
            *rows
        )
        for combine in ("visibility_mean", "plain")
    )
    np.testing.assert_array_equal(mean, plain)


def test_max_plus_1_is_the_largest_of_all_pairs_and_one():
    rng = np.random.default_rng(3)
    query, gallery = random_descriptors(rng, 9), random_descriptors(rng, 30)
    rows = np.arange(9), np.arange(30)
    expected, comparable = ranking.all_distances(query, gallery)
    block = PartDistances(
        query, gallery, *rows, distance=Distance(no_common="max_plus_1")
    ).block(*rows)
    assert not comparable.all()
    np.testing.assert_allclose(
        block[~comparable], expected[comparable].max() + 1, rtol=1e-6
    )
    np.testing.assert_allclose(
        block[comparable], expected[comparable], rtol=1e-5
    )


def test_nothing_comparable_at_all():
    for no_common, expected in (("sentinel", 1e4), ("max_plus_1", 1.0)):
        distance = one_distance(
            (0.2, 0.4),
            (True, False),
            (False, True),
            distance=Distance(no_common=no_common),
        )
        assert distance == expected


def test_rows_and_columns_are_chosen_and_ordered():
    rng = np.random.default_rng(4)
    query, gallery = random_descriptors(rng, 7), random_descriptors(rng, 8)
    expected, _ = ranking.all_distances(query, gallery)
    chosen = PartDistances(
        query, gallery, np.array([5, 1, 2]), np.array([7, 0, 3, 3])
    )
    block = chosen.block(np.array([0, 2]), np.array([3, 0, 1]))
    np.testing.assert_allclose(
        block, expected[np.ix_([5, 2], [3, 7, 0])], rtol=1e-5
    )


def test_a_distance_does_not_depend_on_where_and_with_whom_it_is_asked(
    monkeypatch,
):
    """To the last bit, which no plain matrix product promises."""
    monkeypatch.setattr(part_distances, "QUERY_TILE", 8)
    monkeypatch.setattr(part_distances, "GALLERY_TILE", 16)
    rng = np.random.default_rng(5)
    query, gallery = (
        random_descriptors(rng, count, 2, 67) for count in (21, 50)
    )
    gallery = gallery[rng.integers(0, 50, 90)]
    distances = PartDistances(query, gallery, np.arange(21), np.arange(90))
    full = distances.block(np.arange(21), np.arange(90))
    for _ in range(20):
        rows = np.arange(*np.sort(rng.choice(22, 2, False)))
        columns = rng.permutation(90)[: rng.integers(1, 90)]
        np.testing.assert_array_equal(
            distances.block(rows, columns), full[np.ix_(rows, columns)]
        )


def test_equal_gallery_images_are_exactly_as_far():
    rng = np.random.default_rng(6)
    query = Descriptors(rng.normal(size=(9, 1, 131)))
    gallery = Descriptors(np.tile(rng.normal(size=(1, 1, 131)), (300, 1, 1)))
    rows = np.arange(9), np.arange(300)
    block = PartDistances(query, gallery, *rows).block(*rows)
    np.testing.assert_array_equal(block, block[:, :1].repeat(300, axis=1))


def test_embedding_of_zeros_is_orthogonal():
    query, gallery = Descriptors(np.zeros((1, 2))), Descriptors(np.eye(2))
    rows = np.arange(1), np.arange(2)
    block = PartDistances(query, gallery, *rows, Distance("cosine")).block(
        *rows
    )
    np.testing.assert_array_equal(block, [[1.0, 1.0]])


def test_large_and_small_embeddings_are_normalised():
    for scale in (1e-25, 1e25):
        query = Descriptors(scale * np.array([[3.0, 4.0]]))
        gallery = Descriptors([[4.0, 3.0]])
        rows = np.arange(1), np.arange(1)
        block = PartDistances(query, gallery, *rows, Distance("cosine")).block(
            *rows
        )
        np.testing.assert_allclose(block, 0.04, rtol=1e-5)


COMBINATIONS = [
    (metric, combine, rule)
    for metric in ("euclidean", "sqeuclidean", "cosine")
    for combine in ("visibility_mean", "visibility_max", "plain")
    for rule in ("sqrt", "product")
] + [("cosine", "hpnet_release", "sqrt")]


@pytest.mark.parametrize("kind", ["binary", "continuous", "visible"])
@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_pairs_are_those_of_the_block(monkeypatch, combination, kind):
    monkeypatch.setattr(part_distances, "_PAIRS", 7)
    rng = np.random.default_rng(7)
    query = random_descriptors(rng, 9, kind=kind)
    gallery = random_descriptors(rng, 12, kind=kind)
    gallery = gallery[rng.integers(0, 12, 15)]
    for no_common_distance in (None, 2.0):
        distances = PartDistances(
            query,
            gallery,
            rng.permutation(9),
            rng.permutation(15)[:13],
            Distance(*combination),
            no_common_distance=no_common_distance,
        )
        block = distances.block(np.arange(9), np.arange(13))
        rows, columns = rng.integers(0, 9, 60), rng.integers(0, 13, 60)
        pairs = distances.pairs(rows, columns)
        assert pairs.shape == (60,) and pairs.dtype == "float32"
        np.testing.assert_allclose(
            pairs, block[rows, columns], rtol=1e-6, atol=2e-6
        )
        np.testing.assert_array_equal(
            distances.pairs(rows[20:], columns[20:]), pairs[20:]
        )
        assert distances.pairs(rows[:0], columns[:0]).shape == (0,)


@pytest.mark.parametrize(
    "metric, largest", [("euclidean", 2), ("sqeuclidean", 4), ("cosine", 2)]
)
def test_no_common_part_at_the_largest_distance(metric, largest):
    assert LARGEST_DISTANCE[metric] == largest
    distance = Distance(metric)
    hidden = one_distance(
        (0.2, 0.4),
        (True, False),
        (False, True),
        distance,
        no_common_distance=largest,
    )
    assert hidden == largest
    seen = one_distance((2.0, 0.4), (True, False), (True, True), distance)
    assert seen == pytest.approx(largest)


RELEASE = Distance("cosine", "hpnet_release")


def test_hpnet_release_fixture():
    """c is d^2 / 2; the query's own parts, then the common ones."""
    parts = (0.2, 0.4, 0.6, 0.8)
    v_query, v_gallery = BINARY
    distance = one_distance(parts, v_query, v_gallery, RELEASE)
    assert distance == pytest.approx(0.31, abs=1e-6)
    swapped = one_distance(parts, v_gallery, v_query, RELEASE)
    assert swapped == pytest.approx(0.343333, abs=1e-6)


def test_hpnet_release_without_a_common_part():
    """10,000 takes the place of the second mean alone."""
    found = one_distance((0.2, 0.4), (True, False), (False, True), RELEASE)
    assert found == pytest.approx(1e4 + 0.02, abs=1e-3)
    nothing = one_distance((0.2, 0.4), (False, False), (True, True), RELEASE)
    assert nothing == 1e4


@pytest.mark.parametrize("kind", ["binary", "continuous"])
def test_hpnet_release_matches_reference(kind):
    rng = np.random.default_rng(9)
    query = random_descriptors(rng, 6, kind=kind)
    gallery = random_descriptors(rng, 9, kind=kind)
    rows = np.arange(6), np.arange(9)
    block = PartDistances(query, gallery, *rows, RELEASE).block(*rows)
    expected = ranking.hpnet_release_distances(query, gallery)
    assert (expected > 1e4).any() == (kind == "binary")
    np.testing.assert_allclose(block, expected, rtol=1e-6, atol=2e-6)
