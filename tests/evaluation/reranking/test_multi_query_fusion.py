import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import multi_query_fusion
from keras_drop.records import Records
from tests.evaluation.reranking.test_query_expansion import (
    assert_equal,
    random_side,
)
from tests.reference import boosts

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("weighting", ["visibility", "equal"])
@pytest.mark.parametrize("kind", ["binary", "continuous"])
def test_matches_reference(kind, weighting):
    rng = np.random.default_rng(1)
    photos = random_side(rng, 20, kind)
    groups = rng.choice(["ann", "bob", "cyd", "dan", "eve"], 20)
    found, rows = multi_query_fusion(photos, groups, weighting=weighting)
    assert_equal(found, *boosts.fusion(photos, groups.tolist(), weighting))
    assert found.visibility.dtype == photos.visibility.dtype
    assert found.names == photos.names
    assert groups[rows].tolist() == sorted(set(groups))
    assert not found.embeddings[found.visibility == 0].any()


def test_weighting_matters_only_between_yes_and_no():
    rng = np.random.default_rng(2)
    for kind, same in (("binary", True), ("continuous", False)):
        photos = random_side(rng, 12, kind)
        by_visibility, equal = (
            multi_query_fusion(photos, np.arange(12) % 3, weighting=weighting)
            for weighting in ("visibility", "equal")
        )
        assert same == np.allclose(
            by_visibility[0].embeddings, equal[0].embeddings, atol=1e-4
        )


def test_each_photo_alone_stays_what_it_is():
    rng = np.random.default_rng(3)
    photos = random_side(rng, 6, "continuous")
    found, rows = multi_query_fusion(photos, np.arange(6))
    assert rows.tolist() == list(range(6))
    np.testing.assert_array_equal(found.visibility, photos.visibility)
    units = photos.embeddings / np.linalg.norm(
        photos.embeddings, axis=-1, keepdims=True
    )
    shown = photos.visibility > 0
    np.testing.assert_allclose(found.embeddings[shown], units[shown], atol=1e-6)


def test_rows_give_the_records_that_fit():
    photos = Descriptors(np.eye(4))
    records = Records(list("abcd"), [9, 5, 9, 5], [1, 0, 1, 0])
    found, rows = multi_query_fusion(photos, records.identities)
    fused = records[rows]
    assert fused.identities.tolist() == [5, 9]
    assert fused.paths.tolist() == ["b", "a"]
    np.testing.assert_allclose(
        found.embeddings[:, 0],
        np.sqrt(0.5) * np.array([[0, 1, 0, 1], [1, 0, 1, 0]]),
        atol=1e-6,
    )


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    weighting=st.sampled_from(["visibility", "equal"]),
    data=st.data(),
)
def test_hidden_parts_and_order_do_not_matter(seed, weighting, data):
    rng = np.random.default_rng(seed)
    photos = random_side(rng, 9, "continuous")
    groups = rng.integers(0, 3, 9)
    expected, _ = multi_query_fusion(photos, groups, weighting=weighting)
    noise = rng.normal(size=photos.embeddings.shape) * 100
    noise[photos.visibility > 0] = 0
    disturbed = Descriptors(
        photos.embeddings + noise, photos.visibility, photos.names
    )
    found, _ = multi_query_fusion(disturbed, groups, weighting=weighting)
    np.testing.assert_array_equal(found.embeddings, expected.embeddings)
    order = np.array(data.draw(st.permutations(range(9))))
    found, _ = multi_query_fusion(
        photos[order], groups[order], weighting=weighting
    )
    assert_equal(found, expected.embeddings, expected.visibility)


def test_bad_input():
    photos = Descriptors(np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"3 photos need one .*\(2,\)"):
        multi_query_fusion(photos, [1, 2])
    with pytest.raises(ValueError, match="at least one photo"):
        multi_query_fusion(photos[:0], [])
    with pytest.raises(ValueError, match="`weighting` is one of"):
        multi_query_fusion(photos, [1, 1, 1], weighting="max")
