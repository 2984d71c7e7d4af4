import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, query_expansion
from keras_drop.evaluation.reranking import neighbours
from tests.evaluation.blocks import blocks_of
from tests.reference import boosts

pytestmark = pytest.mark.backend_neutral


def random_side(rng, count, kind="binary", num_parts=3, dim=4):
    visibility = rng.random((count, num_parts))
    if kind == "binary":
        visibility = visibility < 0.5
    else:
        visibility *= rng.random((count, num_parts)) < 0.6
    return Descriptors(
        5 * rng.normal(size=(count, num_parts, dim)),
        visibility,
        ("foreground", "head", "legs"),
    )


def assert_equal(found, embeddings, visibility):
    np.testing.assert_allclose(found.embeddings, embeddings, atol=1e-5)
    np.testing.assert_allclose(found.visibility, visibility, atol=1e-6)


@pytest.mark.parametrize("fill_hidden", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 2.5])
@pytest.mark.parametrize(
    "kind, rule",
    [("binary", "sqrt"), ("continuous", "sqrt"), ("continuous", "product")],
)
def test_matches_reference(monkeypatch, kind, rule, alpha, fill_hidden):
    monkeypatch.setattr(neighbours, "_BLOCK", 4)
    rng = np.random.default_rng(1)
    query, gallery = random_side(rng, 11, kind), random_side(rng, 17, kind)
    groups = rng.integers(0, 4, 11), rng.integers(0, 4, 17)
    expected = boosts.query_expansion(
        query, gallery, *groups, 3, alpha, fill_hidden, rule
    )
    with blocks_of(5, 4):
        found = query_expansion(
            query,
            gallery,
            3,
            alpha,
            fill_hidden=fill_hidden,
            distance=Distance(visibility_weight=rule),
            query_groups=groups[0],
            gallery_groups=groups[1],
        )
    assert_equal(found, *expected)
    assert found.visibility.dtype == query.visibility.dtype
    assert found.names == query.names
    assert (found.embeddings != query.embeddings).any()
    assert (found.visibility != query.visibility).any() == fill_hidden


@pytest.mark.parametrize("no_common", ["sentinel", "max_plus_1"])
def test_images_without_a_common_part_are_never_added(no_common):
    query = Descriptors(np.eye(2)[None], [[True, False]])
    gallery = Descriptors(np.eye(2)[None], [[False, True]])
    found = query_expansion(
        query,
        gallery,
        fill_hidden=True,
        distance=Distance(no_common=no_common),
    )
    np.testing.assert_array_equal(found.visibility, query.visibility)


def test_without_groups_everybody_may_be_a_neighbour():
    rng = np.random.default_rng(2)
    query, gallery = random_side(rng, 5), random_side(rng, 9)
    expected = boosts.query_expansion(
        query, gallery, range(5), range(5, 14), 9, 0.0, True, "sqrt"
    )
    # More neighbours than there are images: all of them.
    found = query_expansion(query, gallery, 50, fill_hidden=True)
    assert_equal(found, *expected)


def test_no_neighbours_change_nothing():
    rng = np.random.default_rng(3)
    query, gallery = random_side(rng, 6), random_side(rng, 7)
    found = query_expansion(query, gallery, 0)
    assert_equal(found, query.embeddings, query.visibility)
    apart = Descriptors(
        np.ones((7, 3, 4)), np.tile([True, False, False], (7, 1)), query.names
    )
    alone = Descriptors(
        np.ones((6, 3, 4)), np.tile([False, True, True], (6, 1)), query.names
    )
    for alpha in (0.0, 2.0):
        found = query_expansion(alone, apart, 3, alpha, fill_hidden=True)
        assert_equal(found, alone.embeddings, alone.visibility)


def test_a_copy_of_the_query_is_left_out_by_its_label():
    rng = np.random.default_rng(4)
    gallery = Descriptors(rng.normal(size=(4, 5)))
    query = gallery[[2]]
    files = np.array(["a", "b", "c", "d"])
    same = query_expansion(query, gallery, 1)
    other = query_expansion(
        query, gallery, 1, query_groups=files[[2]], gallery_groups=files
    )
    unit = boosts.unit(query.embeddings[0, 0])
    np.testing.assert_allclose(same.embeddings[0, 0], unit, atol=1e-6)
    assert np.abs(other.embeddings[0, 0] - unit).max() > 0.05


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    alpha=st.sampled_from([0.0, 3.0]),
    fill_hidden=st.booleans(),
    kind=st.sampled_from(["binary", "continuous"]),
)
def test_hidden_parts_never_speak(seed, alpha, fill_hidden, kind):
    rng = np.random.default_rng(seed)
    query, gallery = random_side(rng, 5, kind), random_side(rng, 8, kind)

    def expand(*sides):
        found = query_expansion(*sides, 3, alpha, fill_hidden=fill_hidden)
        shown = found.visibility > 0
        return found.visibility, found.embeddings[shown]

    disturbed = []
    for side in (query, gallery):
        noise = rng.normal(size=side.embeddings.shape) * 100
        noise[side.visibility > 0] = 0
        disturbed.append(
            Descriptors(side.embeddings + noise, side.visibility, side.names)
        )
    for found, expected in zip(expand(*disturbed), expand(query, gallery)):
        np.testing.assert_array_equal(found, expected)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_does_not_matter(seed, data):
    rng = np.random.default_rng(seed)
    query, gallery = random_side(rng, 6), random_side(rng, 9)
    expected = query_expansion(query, gallery, 4, 2.0)
    order = np.array(data.draw(st.permutations(range(9))))
    rows = np.array(data.draw(st.permutations(range(6))))
    found = query_expansion(query[rows], gallery[order], 4, 2.0)
    assert_equal(found, expected.embeddings[rows], expected.visibility[rows])


@pytest.mark.parametrize(
    "change, message",
    [
        ({"num_neighbours": -1}, "`num_neighbours` is a whole number from 0"),
        ({"num_neighbours": 1.5}, "it is 1.5"),
        ({"alpha": -1.0}, "`alpha` is a power from 0; it is -1"),
        ({"alpha": np.nan}, "it is nan"),
        ({"query_groups": [1, 2]}, "or neither"),
        (
            {"query_groups": [1], "gallery_groups": [1, 2, 3]},
            r"2 queries and 3 .*\(1,\), `gallery_groups` \(3,\)",
        ),
    ],
)
def test_bad_options(change, message):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=message):
        query_expansion(random_side(rng, 2), random_side(rng, 3), **change)


def test_sides_that_do_not_fit():
    query = Descriptors(np.ones((2, 2, 3)), names=("head", "legs"))
    with pytest.raises(ValueError, match="head, feet"):
        query_expansion(
            query, Descriptors(np.ones((2, 2, 3)), names=("head", "feet"))
        )
    with pytest.raises(ValueError, match="The gallery is empty"):
        query_expansion(query, query[:0])


@pytest.mark.parametrize("number", [2.0, 1.5, "2", None])
def test_the_number_of_neighbours_is_whole(number):
    people = Descriptors(np.eye(3))
    with pytest.raises(ValueError, match="is a whole number from 0"):
        query_expansion(people, people, number)
