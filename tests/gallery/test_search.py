"""A gallery finds what evaluation ranks, in the same order."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop import Descriptors, Gallery, Records
from keras_drop.evaluation import (
    Distance,
    Protocol,
    evaluate_retrieval,
    fit_pair_verdict,
    nearest,
)
from tests.gallery.people import NAMES, draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1000),
    count=st.integers(1, 60),
    share=st.sampled_from([0.2, 0.5, 0.9]),
    metric=st.sampled_from(["euclidean", "sqeuclidean", "cosine"]),
    engine=st.sampled_from(["disk", "memory"]),
)
def test_the_order_is_that_of_evaluation(seed, count, share, metric, engine):
    people, query = (
        draw_people(seed, count, share=share),
        draw_people(seed + 1, 1),
    )
    distance = Distance(metric)
    records = Records([""] * count, np.arange(count), np.ones(count, int))
    asked = Records(["q"], [count], [0])
    rows, distances = nearest(
        query, people, asked, records, k=count, distance=distance
    )
    with tempfile.TemporaryDirectory() as folder:
        gallery = make_gallery(
            Path(folder), people, distance=distance, engine=engine
        )
        hits = gallery.search(query, k=count)
        assert [hit.columns["frame"] for hit in hits] == rows[0].tolist()
        assert hits.distances.tolist() == distances[0].tolist()
        # The rank of each image is the one that evaluation gives it.
        for rank, hit in list(enumerate(hits))[:: max(count // 3, 1)]:
            result = evaluate_retrieval(
                query,
                people,
                Records(["q"], [hit.columns["frame"]], [0]),
                records,
                distance=distance,
                protocol=Protocol("mine", ties="stable"),
            )
            assert result.first_rank[0] == rank + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("distance", "graded"),
    [
        (Distance(), False),
        (Distance("cosine", no_common="max_plus_1"), False),
        (Distance("sqeuclidean", visibility_weight="product"), True),
        (Distance("euclidean", "visibility_max"), True),
        (Distance("cosine", "plain"), True),
        (Distance("cosine", "hpnet_release"), True),
    ],
    ids=lambda value: getattr(value, "combine", None),
)
def test_a_shortlist_is_ranked_as_all_are(distance, graded, tmp_path):
    """Of more images than a tile holds, few of which are near."""
    people = draw_people(8, 2100, share=0.3)
    if graded:
        people = Descriptors(
            people.embeddings,
            np.random.default_rng(1).random((2100, 3)) * people.visibility,
            people.names,
        )
    gallery = Gallery.create(tmp_path / "g", distance=distance, engine="memory")
    gallery.add(people, frame=range(2100))
    # The largest distance, plus 1, is that of one query here.
    together = 1 if distance.no_common == "max_plus_1" else 3
    query = draw_people(9, together, share=0.4)
    # Of 1,500 some have nothing in common; those are last.
    for k in (7, 1500):
        rows, distances = nearest(query, people, k=k, distance=distance)
        for hits, row, values in zip(
            gallery.search_many(query, k), rows, distances
        ):
            assert [hit.columns["frame"] for hit in hits] == row.tolist()
            assert hits.distances.tolist() == values.tolist()


def test_hidden_parts_are_compared_where_the_distance_says_so(tmp_path):
    people = draw_people(3, 30)
    distance = Distance("cosine", "plain")
    gallery = make_gallery(tmp_path, people, distance=distance)
    query = Descriptors(people.embeddings[:1], [[False] * 3], NAMES)
    hits = gallery.search(query, unknown_above=0.1)
    assert hits.known and hits[0].distance == pytest.approx(0, abs=1e-6)
    for hit in hits:
        assert hit.verdict == "" and list(hit.part_distances) == list(NAMES)
        mean = np.mean(list(hit.part_distances.values()))
        assert hit.distance == pytest.approx(mean, abs=1e-5)
    assert len(gallery.search(query, parts=NAMES)) == 10
    with pytest.raises(ValueError, match="compares all parts, hidden ones too"):
        gallery.search(query, parts="head")


def test_parts_that_were_compared(tmp_path):
    people = draw_people(3, 30)
    gallery = make_gallery(tmp_path, people)
    query = draw_people(4, 1, share=1.0)
    units = [
        d.embeddings / np.linalg.norm(d.embeddings, axis=-1, keepdims=True)
        for d in (query, people)
    ]
    by_part = np.linalg.norm(units[0] - units[1], axis=-1)
    for parts in (None, ("torso", "legs"), "head"):
        hits = gallery.search(query, k=30, parts=parts)
        for hit in hits:
            row = hit.columns["frame"]
            wanted = {
                name: by_part[row, k]
                for k, name in enumerate(NAMES)
                if people.visibility[row, k] and name in (parts or NAMES)
            }
            assert hit.part_distances == pytest.approx(wanted, abs=1e-5)
            if wanted:
                mean = np.mean(list(wanted.values()))
                assert hit.distance == pytest.approx(mean, abs=1e-5)
                assert hit.verdict == ""
            else:
                assert hit.distance == 1e4
                assert hit.verdict == "not comparable"
    with pytest.raises(ValueError, match="Did you mean 'torso'"):
        gallery.search(query, parts=("torsoo",))
    with pytest.raises(ValueError, match="`k` is at least 1"):
        gallery.search(query, k=0)


def test_each_identity_once(tmp_path):
    people = draw_people(5, 30)
    gallery = make_gallery(tmp_path, people)
    gallery.add(draw_people(6, 4), frame=range(100, 104))
    hits = gallery.search(people[:1], k=99)
    once = gallery.search(people[:1], k=99, per_identity=True)
    seen, wanted = set(), []
    for hit in hits:
        if hit.identity is None or hit.identity not in seen:
            wanted.append(hit.id)
            seen.add(hit.identity)
    assert once.ids.tolist() == wanted and len(wanted) == 5 + 4


def test_several_photos_show_more(tmp_path):
    rng = np.random.default_rng(7)
    people = Descriptors(rng.normal(size=(9, 2, 8)), names=("head", "legs"))
    gallery = Gallery.create(tmp_path / "g")
    gallery.add(people)
    photos = Descriptors(
        np.repeat(people.embeddings[4:5], 2, axis=0),
        [[True, False], [False, True]],
        people.names,
    )
    hit = gallery.search(photos)[0]
    assert hit.id == 5 and set(hit.part_distances) == {"head", "legs"}
    with pytest.raises(ValueError, match="no photo"):
        gallery.search(photos[:0])


def test_nobody_i_know(tmp_path):
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(22, 2, 8))
    names = ("head", "legs")

    def photos(people):
        noise = 0.2 * rng.normal(size=(len(people), 2, 8))
        return Descriptors(centres[people] + noise, names=names)

    who = np.repeat(np.arange(20), 6)
    images = photos(who)
    records = Records([""] * 120, who, np.tile(np.arange(6), 20))
    verdict = fit_pair_verdict(images, images, records, records)
    verdict.save(tmp_path / "verdict.json")
    gallery = Gallery.create(tmp_path / "g", verdict=tmp_path / "verdict.json")
    assert gallery.search(images[:1]).known is False, "an empty gallery"
    gallery.add(images, identities=who)
    gallery = Gallery.open(tmp_path / "g")
    hits = gallery.search(photos([3]))
    assert hits.known and hits[0].identity == 3
    assert hits[0].verdict == "same" and hits[0].probability > 0.9
    stranger = photos([21])
    hits = gallery.search(stranger)
    assert hits.known is False and hits[0].verdict == "different"
    assert gallery.search(stranger, unknown_above=2.0).known
    hidden = Descriptors(stranger.embeddings, [[False, False]], names)
    hits = gallery.search(hidden, unknown_above=1e9)
    assert hits.known is False and hits[0].verdict == "not comparable"
    plain = Gallery.create(tmp_path / "plain")
    plain.add(images)
    assert plain.search(stranger).known is None
    other = Gallery.create(tmp_path / "other")
    other.add(draw_people(0, 3))
    with pytest.raises(ValueError, match="Fit one by this model"):
        other.use_verdict(verdict)
