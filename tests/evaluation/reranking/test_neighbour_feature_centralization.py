import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import neighbour_feature_centralization
from tests.evaluation.blocks import blocks_of
from tests.evaluation.reranking.test_query_expansion import (
    assert_equal,
    random_side,
)
from tests.reference import boosts

pytestmark = pytest.mark.backend_neutral


def joined(query, gallery):
    return Descriptors(
        np.concatenate([query.embeddings, gallery.embeddings]),
        np.concatenate([query.visibility, gallery.visibility]),
        query.names,
    )


@pytest.mark.parametrize("fill_hidden", [False, True])
@pytest.mark.parametrize("k1, k2", [(2, 2), (4, 1), (1, 5)])
@pytest.mark.parametrize("kind", ["binary", "continuous"])
def test_matches_reference(kind, k1, k2, fill_hidden):
    rng = np.random.default_rng(1)
    query, gallery = random_side(rng, 9, kind), random_side(rng, 14, kind)
    groups = rng.integers(0, 12, 23)
    expected = boosts.feature_centralization(
        joined(query, gallery), groups, k1, k2, fill_hidden
    )
    with blocks_of(6, 5):
        found = neighbour_feature_centralization(
            query,
            gallery,
            k1,
            k2,
            fill_hidden=fill_hidden,
            query_groups=groups[:9],
            gallery_groups=groups[9:],
        )
    assert len(found[0]) == 9 and len(found[1]) == 14
    assert found[0].visibility.dtype == query.visibility.dtype
    assert_equal(joined(*found), *expected)
    assert (found[0].embeddings != query.embeddings).any()


def test_without_groups_an_image_is_not_its_own_neighbour():
    rng = np.random.default_rng(2)
    query, gallery = random_side(rng, 4), random_side(rng, 6)
    both = joined(query, gallery)
    expected = boosts.feature_centralization(both, range(10), 2, 2, False)
    found = neighbour_feature_centralization(query, gallery)
    assert_equal(joined(*found), *expected)


def test_more_neighbours_than_images_are_all_of_them_once():
    rng = np.random.default_rng(4)
    query, gallery = random_side(rng, 3), random_side(rng, 4)
    expected = boosts.feature_centralization(
        joined(query, gallery), range(7), 20, 20, True
    )
    found = neighbour_feature_centralization(
        query, gallery, 20, 20, fill_hidden=True
    )
    assert_equal(joined(*found), *expected)


def test_only_mutual_neighbours_are_added():
    """The far image's nearest is in the pair, but not the other way round."""
    angles = np.deg2rad([0.0, 10.0, 40.0])
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    query, gallery = neighbour_feature_centralization(
        Descriptors(points[:1]), Descriptors(points[1:]), 1, 1
    )
    middle = [np.cos(np.deg2rad(5)), np.sin(np.deg2rad(5))]
    np.testing.assert_allclose(query.embeddings[0, 0], middle, atol=1e-6)
    np.testing.assert_allclose(gallery.embeddings[0, 0], middle, atol=1e-6)
    np.testing.assert_allclose(gallery.embeddings[1, 0], points[2], atol=1e-6)


@pytest.mark.parametrize("counts", [(0, 3), (3, 0)])
def test_no_neighbours_change_nothing(counts):
    rng = np.random.default_rng(3)
    sides = random_side(rng, 4), random_side(rng, 5)
    found = neighbour_feature_centralization(*sides, *counts)
    for side, before in zip(found, sides):
        assert_equal(side, before.embeddings, before.visibility)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), fill_hidden=st.booleans())
def test_hidden_parts_never_speak(seed, fill_hidden):
    rng = np.random.default_rng(seed)
    sides = random_side(rng, 5), random_side(rng, 8)
    disturbed = []
    for side in sides:
        noise = rng.normal(size=side.embeddings.shape) * 100
        noise[side.visibility] = 0
        disturbed.append(
            Descriptors(side.embeddings + noise, side.visibility, side.names)
        )

    def centralized(sides):
        found = joined(
            *neighbour_feature_centralization(
                *sides, 3, 3, fill_hidden=fill_hidden
            )
        )
        return found.visibility, found.embeddings[found.visibility]

    for found, expected in zip(centralized(disturbed), centralized(sides)):
        np.testing.assert_array_equal(found, expected)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_and_side_do_not_matter(seed, data):
    rng = np.random.default_rng(seed)
    images = random_side(rng, 12)
    expected = joined(*neighbour_feature_centralization(images[:5], images[5:]))
    order = np.array(data.draw(st.permutations(range(12))))
    moved = images[order]
    found = joined(*neighbour_feature_centralization(moved[:3], moved[3:]))
    assert_equal(found, expected.embeddings[order], expected.visibility[order])


@pytest.mark.parametrize(
    "change, message",
    [
        ({"k1": -1}, "`k1` is a whole number from 0; it is -1"),
        ({"k2": 0.5}, "`k2` is a whole number from 0; it is 0.5"),
        ({"gallery_groups": [1, 2, 3]}, "or neither"),
    ],
)
def test_bad_options(change, message):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=message):
        neighbour_feature_centralization(
            random_side(rng, 2), random_side(rng, 3), **change
        )
