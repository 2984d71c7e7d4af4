"""The engine on Milvus: Milvus Lite here, a server by `KERAS_DROP_MILVUS_URI`.

`benchmarks/milvus_server.py` runs these tests against a server.
"""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop import Descriptors, Gallery
from keras_drop.evaluation import Distance, nearest
from keras_drop.gallery.engines import milvus, milvus_copy
from keras_drop.gallery.engines.milvus_state import MilvusState
from keras_drop.gallery.storing.lock import write_lock
from tests.gallery.people import NAMES, draw_people, make_gallery

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]
pytest.importorskip("milvus_lite")
URI = os.environ.get("KERAS_DROP_MILVUS_URI")
METRICS = "euclidean", "sqeuclidean", "cosine"


@pytest.fixture(autouse=True)
def no_detour(monkeypatch):
    """Also few images, and many people, are asked for in Milvus."""
    monkeypatch.setattr(milvus, "_FEW", 0)
    monkeypatch.setattr(milvus, "_READ", 0)


def forget(gallery):
    """Ends the connection; nothing stays on a server."""
    if URI and gallery.about["part_names"]:
        gallery._engine.copy.collection(gallery.about).drop()
    gallery.close()


@pytest.fixture
def open_one(tmp_path):
    """Function that makes a gallery on Milvus, closed at the end."""
    opened = []

    def make(people, name="g", **options):
        (tmp_path / name).mkdir()
        opened.append(
            make_gallery(
                tmp_path / name, people, engine="milvus", uri=URI, **options
            )
        )
        return opened[-1]

    yield make
    for gallery in opened:
        forget(gallery)


@pytest.fixture(scope="module")
def galleries(tmp_path_factory):
    """A gallery of each metric, and who is in it."""
    people = draw_people(1, 150, share=0.6)
    found = {
        metric: make_gallery(
            tmp_path_factory.mktemp(metric),
            people,
            distance=Distance(metric),
            engine="milvus",
            uri=URI,
        )
        for metric in METRICS
    }
    yield people, found
    for gallery in found.values():
        forget(gallery)


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 1000),
    k=st.sampled_from([1, 10, 150]),
    seen=st.tuples(*[st.booleans()] * 3),
    metric=st.sampled_from(METRICS),
)
def test_the_order_is_that_of_evaluation(galleries, seed, k, seen, metric):
    people, found = galleries
    rng = np.random.default_rng(seed)
    # Near somebody, who has copies, so that there are ties.
    near = people.embeddings[rng.integers(150, size=1)]
    query = Descriptors(
        near + rng.normal(scale=rng.choice([0, 1]), size=near.shape),
        [seen],
        NAMES,
    )
    rows, distances = nearest(query, people, k=k, distance=Distance(metric))
    hits = found[metric].search(query, k=k)
    assert [hit.columns["frame"] for hit in hits] == rows[0].tolist()
    assert hits.distances.tolist() == distances[0].tolist()


@pytest.mark.parametrize("metric", ["sqeuclidean", "cosine"])
def test_a_shortlist_becomes_longer_until_it_is_right(
    galleries, metric, monkeypatch
):
    """Of one place, where 40 are equally near."""
    monkeypatch.setattr(milvus, "_SHORTLIST", 2)
    monkeypatch.setattr(milvus, "_WIDER", 2)
    people, found = galleries
    for query in (people[3:4], draw_people(5, 1, share=1.0)):
        rows, _ = nearest(query, people, k=2, distance=Distance(metric))
        hits = found[metric].search(query, k=2)
        assert [hit.columns["frame"] for hit in hits] == rows[0].tolist()
    # Nor does a limit of Milvus make an answer wrong.
    monkeypatch.setattr(milvus, "MOST", 4)
    equal = Descriptors(np.ones((1, 3, 8)), names=NAMES)
    gallery = found[metric]
    numbers = gallery.add(
        equal[np.zeros(30, int)], cameras=7, frame=range(1000, 1030)
    )
    try:
        hits = gallery.search(equal, k=2, where={"camera": 7})
        assert hits.ids.tolist() == numbers[:2].tolist()
    finally:
        gallery.remove(ids=numbers)


def test_filters_and_identities(galleries):
    people, found = galleries
    gallery = found["euclidean"]
    other = Gallery.open(gallery.path, engine="memory")
    query = people[:3]
    for options in (
        {"where": {"camera": [0, 1], "time": (100, 900)}, "k": 7},
        {"per_identity": True, "k": 9},
        {"exclude_cameras": (0, 2), "parts": ("legs",), "k": 150},
        {"where": {"camera": 9}},
    ):
        for mine, right in zip(
            gallery.search_many(query, **options),
            other.search_many(query, **options),
        ):
            assert list(map(repr, mine)) == list(map(repr, right))


def test_graded_visibility_takes_a_shortlist(open_one):
    rng = np.random.default_rng(2)
    people = Descriptors(
        rng.normal(size=(80, 3, 8)), rng.random((80, 3)), NAMES
    )
    gallery = open_one(people, distance=Distance("cosine"))
    check = gallery.check(queries=10, k=5)
    assert check.recall == 1 and check.is_whole and check.queries == 10


def test_it_follows_what_others_write(open_one, tmp_path):
    people = draw_people(3, 40, share=1.0)
    gallery = open_one(people)
    other = Gallery.open(gallery.path)

    def ids():
        return sorted(gallery.search(people[:1], k=99).ids.tolist())

    assert ids() == list(range(1, 41))
    other.remove(ids=[1]) if URI else gallery.remove(ids=[1])
    other.add(people[:2], frame=[100, 101])
    assert ids() == [*range(2, 41), 41, 42]
    # While somebody writes it lags behind, and answers all the same.
    with write_lock(gallery.path):
        pass
    other.add(people[:1], frame=102)
    with write_lock(gallery.path):
        assert ids() == [*range(2, 41), 41, 42, 43]
        assert gallery._engine.copy.state.last == 42
    assert ids()[-1] == 43 and gallery._engine.copy.state.last == 43


def test_a_copy_that_is_wrong_is_found_and_repaired(open_one):
    people = draw_people(4, 30, share=1.0)
    gallery = open_one(people)
    gallery.search(people[:1])
    copy = gallery._engine.copy
    copy.collection(gallery.about).delete([3])
    check = gallery.check(queries=5, k=30)
    assert not check.is_whole and check.recall < 1
    assert "1 images are missing, the first is 3" in str(check)
    # By a process that comes after it, which counts.
    gallery.close()
    assert len(gallery.search(people[:1], k=99)) == 30
    # Nothing is known any more: all numbers are compared.
    copy._file.unlink()
    gallery.close()
    assert gallery.check(queries=5, k=30).recall == 1
    # A state that says another count, as after a kill.
    MilvusState(copy.state.generation, 29, 30).save(copy._file)
    gallery.close()
    assert gallery.check(queries=5, k=30).recall == 1


@pytest.mark.skipif(URI is not None, reason="files of a server lie elsewhere")
def test_a_removed_person_is_in_no_file(open_one):
    people = draw_people(5, 40, share=1.0)
    gallery = open_one(people)
    gallery.search(people[:1])
    z = people.embeddings / np.linalg.norm(
        people.embeddings, axis=-1, keepdims=True
    )
    folder = gallery.path / "milvus"

    def held(k):
        """Whether bytes of an image are in some file."""
        data = b"".join(
            f.read_bytes() for f in gallery.path.rglob("*") if f.is_file()
        )
        return (
            people.embeddings[k].tobytes() in data
            or z[k].astype("f4").tobytes()[:16] in data
        )

    alone = [
        k
        for k in range(2, 40, 5)
        if (people.embeddings[k] == people.embeddings).all((1, 2)).sum() == 1
    ]
    assert alone and all(map(held, alone)) and folder.exists()
    gallery.remove(identity="person 2")
    gallery.compact()
    assert not any(map(held, alone))
    assert len(gallery.search(people[:1], k=99)) == 32
    assert not any(map(held, alone))


@pytest.mark.skipif(URI is not None, reason="of Milvus Lite")
def test_a_broken_folder_is_made_anew(open_one):
    people = draw_people(6, 20, share=1.0)
    gallery = open_one(people)
    gallery.search(people[:1])
    gallery.close()
    for file in (gallery.path / "milvus" / "lite.db").rglob("*"):
        if file.is_file() and file.name != "LOCK":
            file.write_bytes(b"broken")
    assert len(gallery.search(people[:1], k=99)) == 20
    gallery.close()
    for file in (gallery.path / "milvus" / "lite.db").rglob("*.parquet"):
        file.write_bytes(b"broken")
    assert len(gallery.search(people[:1], k=99)) == 20
    gallery.close()
    for file in (gallery.path / "milvus" / "lite.db").rglob("*.parquet"):
        file.write_bytes(b"broken")
    assert gallery.remove(ids=[3, 4]) == 2
    assert len(gallery.search(people[:1], k=99)) == 18
    gallery.close()
    shutil.rmtree(gallery.path / "milvus")
    assert len(gallery.search(people[:1], k=99)) == 18


@pytest.mark.nightly
@pytest.mark.skipif(URI is not None, reason="of Milvus Lite")
def test_two_processes_in_one_folder(open_one):
    people = draw_people(7, 10)
    gallery = open_one(people)
    gallery.search(people[:1])
    code = (
        "import sys; from keras_drop import Descriptors, Gallery\n"
        "names = 'head', 'torso', 'legs'\n"
        "who = Descriptors([[[1.0] * 8] * 3], names=names)\n"
        "for use in (lambda: Gallery.open(sys.argv[1], engine='milvus')"
        ".search(who), Gallery.open(sys.argv[1]).compact):\n"
        "    try: use()\n"
        "    except BlockingIOError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, gallery.path],
        capture_output=True,
        text=True,
    )
    first, second = done.stdout.splitlines()
    assert "Milvus Lite allows one" in first
    assert "open in another process" in second
    assert len(gallery.search(people[:1], k=99)) == 10


def test_what_milvus_cannot_do_is_said(tmp_path, open_one, monkeypatch):
    for distance in (
        Distance("cosine", "hpnet_release"),
        Distance(no_common="max_plus_1"),
    ):
        with pytest.raises(ValueError, match='engine="disk"'):
            Gallery.create(tmp_path / "g", distance=distance, engine="milvus")
    with pytest.raises(ValueError, match="goes with"):
        Gallery.create(tmp_path / "a", uri="http://localhost:1")
    gallery = Gallery.create(tmp_path / "b")
    with pytest.raises(ValueError, match="is a file"):
        Gallery.open(tmp_path / "b", engine="milvus", uri="lite.db")
    gallery.add(Descriptors(np.ones((1, 65, 512))))
    with pytest.raises(ValueError, match="32,768 at most"):
        Gallery.open(tmp_path / "b", engine="milvus").search(
            Descriptors(np.ones((1, 65, 512)))
        )
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    gallery = Gallery.create(tmp_path / "c", engine="milvus")
    gallery.add(Descriptors(np.ones((1, 2))))
    with pytest.raises(ImportError, match=r"keras_drop\[milvus\]"):
        gallery.search(Descriptors(np.ones((1, 2))))


def test_it_is_written_in_pieces(open_one, monkeypatch):
    monkeypatch.setattr(milvus_copy, "_AT_A_TIME", 7)
    people = draw_people(8, 30, share=1.0)
    gallery = open_one(people, precision="float16")
    assert gallery.check(queries=people[:4], k=30).in_order == 1


def test_many_people_are_compared_with_all_of_a_small_gallery(
    galleries, monkeypatch
):
    people, found = galleries

    def refuse(*_):
        raise AssertionError("Milvus was asked")

    gallery = found["cosine"]
    asked = [hits.ids.tolist() for hits in gallery.search_many(people[:9], 5)]
    monkeypatch.setattr(milvus, "_READ", 150)
    monkeypatch.setattr(milvus.Milvus, "_asked", refuse)
    again = [hits.ids.tolist() for hits in gallery.search_many(people[:9], 5)]
    assert asked == again
    monkeypatch.setattr(milvus, "_READ", 149)
    with pytest.raises(AssertionError, match="was asked"):
        gallery.search_many(people[:9], 5)
