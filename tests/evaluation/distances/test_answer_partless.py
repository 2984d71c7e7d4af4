import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.evaluation import Distance, PartDistances, answer_partless

pytestmark = pytest.mark.backend_neutral

NAMES = ("unmasked_head", "unmasked_legs", "head", "legs")
RELEASE = Distance("cosine", "hpnet_release")


def make_images(seed, parts_seen):
    """As HPNet makes them: the unmasked are seen where no part is."""
    rng = np.random.default_rng(seed)
    parts_seen = np.array(parts_seen, bool)
    none = np.repeat(~parts_seen.any(axis=1, keepdims=True), 2, axis=1)
    return Descriptors(
        rng.normal(size=(len(parts_seen), 4, 5)),
        np.concatenate([none, parts_seen], axis=1),
        NAMES,
    )


def distances(query, gallery, distance):
    rows, columns = np.arange(len(query)), np.arange(len(gallery))
    found = PartDistances(query, gallery, rows, columns, distance)
    return found.block(rows, columns)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


@pytest.mark.parametrize(
    "distance", [Distance(), RELEASE], ids=["eq1", "release"]
)
def test_only_queries_without_parts_change(distance):
    query = make_images(0, [(1, 1), (0, 0), (0, 1)])
    gallery = make_images(1, [(1, 0), (0, 1), (0, 0), (1, 1)])
    before = distances(query, gallery, distance)
    after = distances(query, answer_partless(gallery), distance)
    np.testing.assert_array_equal(after[[0, 2]], before[[0, 2]])
    # They saw only whom nothing is known of either.
    assert (before[1, [0, 1, 3]] >= 1e4).all() and before[1, 2] < 1e4
    assert before[2, 0] >= 1e4, "no common part stays no common part"
    x, y = unit(query.embeddings[1, :2]), unit(gallery.embeddings[:, :2])
    apart = np.linalg.norm(x - y, axis=-1)
    expected = apart.mean(axis=1)
    if distance == RELEASE:  # The first of the two means is the second one.
        expected = (apart**2 / 2).mean(axis=1) * 2
    np.testing.assert_allclose(after[1], expected, rtol=1e-5)


def test_float_visibility_stays_float():
    gallery = make_images(2, [(1, 0)])
    gallery = Descriptors(gallery.embeddings, [[0, 0, 0.5, 0]], NAMES)
    answering = answer_partless(gallery)
    assert answering.visibility.tolist() == [[1, 1, 0.5, 0]]
    assert gallery.visibility.tolist() == [[0, 0, 0.5, 0]], "its own copy"
    assert answering.names == NAMES


def test_refuses_descriptors_without_them():
    gallery = Descriptors(np.ones((2, 2, 3)), names=("head", "legs"))
    with pytest.raises(ValueError, match=r"head, legs.*no_part_query"):
        answer_partless(gallery)
