import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, compare_parts, nearest

pytestmark = pytest.mark.backend_neutral

NAMES = ("head", "torso", "feet")


def draw(rng, count, kind="float"):
    visibility = rng.random((count, 3)).astype("float32")
    visibility[rng.random((count, 3)) < 0.4] = 0
    if kind == "bool":
        visibility = visibility > 0
    return Descriptors(rng.normal(size=(count, 3, 5)), visibility, NAMES)


def one_pair(query, q, gallery, g, distance):
    """Part distances, weights and both distances, one number at a time."""
    by_part, weights = [], []
    for k in range(3):
        x, y = query.embeddings[q, k], gallery.embeddings[g, k]
        cosine = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
        by_part.append(
            1 - cosine
            if distance.metric == "cosine"
            else np.sqrt(2 - 2 * cosine)
        )
        weight = float(query.visibility[q, k]) * float(gallery.visibility[g, k])
        if distance.combine == "visibility_max":
            weight = float(weight > 0)
        elif distance.visibility_weight == "sqrt":
            weight = weight**0.5
        weights.append(weight)
    total = sum(weights)
    mean = 1e4
    if total and distance.combine == "visibility_max":
        mean = max(d for d, w in zip(by_part, weights) if w)
        weights = [float(w > 0 and d == mean) for d, w in zip(by_part, weights)]
    elif total:
        mean = sum(d * w for d, w in zip(by_part, weights)) / total
        weights = [w / total for w in weights]
    return by_part, weights, mean, sum(by_part) / 3


@pytest.mark.parametrize("kind", ["float", "bool"])
@pytest.mark.parametrize(
    "distance",
    [
        Distance(),
        Distance("cosine", visibility_weight="product"),
        Distance(combine="visibility_max"),
    ],
)
def test_equals_one_pair_at_a_time(distance, kind):
    rng = np.random.default_rng(1)
    query, gallery = draw(rng, 4, kind), draw(rng, 9, kind)
    rows = rng.integers(-1, 9, (4, 6))
    rows[0, :2] = 3, -1
    found = compare_parts(query, gallery, rows, distance)
    assert len(found) == 4 and found.names == NAMES
    for (q, place), g in np.ndenumerate(rows):
        at = q, place
        if g < 0:
            assert np.isnan(found.distances[at])
            assert np.isnan(found.part_distances[at]).all()
            assert not found.weights[at].any()
            continue
        wanted = one_pair(query, q, gallery, g, distance)
        for name, value in zip(
            ("part_distances", "weights", "distances", "distances_of_all"),
            wanted,
        ):
            np.testing.assert_allclose(
                getattr(found, name)[at], value, rtol=1e-4, atol=1e-5
            )
        np.testing.assert_array_equal(
            found.visibility[at], gallery.visibility[g].astype("float32")
        )


def test_without_a_common_part_the_largest_is_that_of_the_gallery():
    distance = Distance("cosine", no_common="max_plus_1")
    query = Descriptors([[[1.0, 0], [1, 0]]], [[1, 0]])
    gallery = Descriptors(
        [[[1.0, 0], [1, 0]], [[-1, 0], [1, 0]], [[1, 0.1], [1, 0]]],
        [[0, 1], [1, 0], [1, 0]],
    )
    rows, distances = nearest(query, gallery, k=3, distance=distance)
    assert distances.max() == pytest.approx(3)
    found = compare_parts(query, gallery, rows[:, [0, 2]], distance)
    np.testing.assert_allclose(found.distances, distances[:, [0, 2]])


def test_what_does_not_fit_is_refused():
    people = Descriptors(np.ones((2, 3, 4)), names=NAMES)
    other = Descriptors(np.ones((2, 3, 4)), names=("a", "b", "c"))
    for gallery, rows, why in (
        (other, [[0], [1]], "gallery a, b, c"),
        (people, [0, 1], r"shape is \(2,\)"),
        (people, [[0], [2]], "from 0 to 2; the gallery has 2"),
    ):
        with pytest.raises(ValueError, match=why):
            compare_parts(people, gallery, rows)
