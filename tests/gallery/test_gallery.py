import datetime
import errno
import sqlite3
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from keras_drop import Descriptors, Gallery
from keras_drop.evaluation import Distance
from keras_drop.gallery.storing import vectors
from keras_drop.gallery.storing.lock import write_lock
from keras_drop.gallery.storing.store import Store
from tests.gallery.people import NAMES, draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def people():
    return draw_people(1, 40)


@pytest.fixture
def gallery(tmp_path, people):
    return make_gallery(tmp_path, people)


def bytes_in(folder):
    """All bytes of all files."""
    return b"".join(f.read_bytes() for f in folder.rglob("*") if f.is_file())


def test_adding_again_changes_nothing(gallery, people):
    before = gallery.about
    told = {
        "identities": [f"person {k % 5}" for k in range(40)],
        "cameras": [k % 3 for k in range(40)],
        "times": [10.0 * k for k in range(40)],
        "frame": np.arange(40),
    }
    assert gallery.add(people, **told).tolist() == list(range(1, 41))
    assert gallery.about == before
    # Without a column that tells equal ones apart they are one image.
    unique = {
        (e.tobytes(), v.tobytes())
        for e, v in zip(people.embeddings, people.visibility)
    }
    numbers = gallery.add(people)
    assert len(set(numbers.tolist())) == len(unique) == len(gallery) - 40


def test_a_name_may_be_told_later_but_not_changed(tmp_path):
    gallery = Gallery.create(tmp_path / "g", engine="memory")
    person = Descriptors([[1.0, 0.0]])
    gallery.add(person, cameras=3)
    assert gallery.search(person)[0].identity is None
    gallery.add(person, cameras=3, identities="anna")
    gallery.add(person, cameras=3)
    assert [hit.identity for hit in gallery.search(person)] == ["anna"]
    with pytest.raises(ValueError, match="as 'anna', and comes as 'ben'"):
        gallery.add(person, ["ben"], cameras=3)
    assert len(gallery) == 1


def test_an_interrupted_add_goes_on(tmp_path):
    gallery = Gallery.create(tmp_path / "g")
    people = draw_people(2, 3000, dim=2)
    broken = [*range(2000), object(), *range(2001, 3000)]
    with pytest.raises(ValueError, match="text, numbers"):
        gallery.add(people, frame=broken)
    assert len(gallery) == 0
    gallery.add(people[:1500], frame=range(1500))
    gallery.add(people, frame=range(3000))
    assert len(gallery) == 3000


def test_descriptors_of_another_model_are_refused(gallery):
    for other, why in (
        (Descriptors(np.ones((1, 3, 8)), names=("a", "b", "c")), "a, b, c"),
        (Descriptors(np.ones((1, 3, 9)), names=NAMES), "have 9"),
    ):
        for use in (gallery.add, gallery.search):
            with pytest.raises(ValueError, match=why):
                use(other)
    with pytest.raises(ValueError, match="knows no model"):
        gallery.search(np.zeros((8, 4, 3), "uint8"))


def test_columns_are_kept_and_filter(gallery, people):
    def frames(**options):
        hits = gallery.search(people[:1], k=99, **options)
        return sorted(hit.columns["frame"] for hit in hits)

    assert frames(where={"camera": 1}) == list(range(1, 40, 3))
    assert frames(where={"camera": [0, 2], "time": (100, 120)}) == [11, 12]
    assert frames(where={"time": (None, 20)}) == [0, 1, 2]
    assert frames(where={"frame": (38, None), "identity": "person 4"}) == [39]
    assert frames(where={"path": None}) == list(range(40))
    assert frames(exclude_cameras=(0, 2)) == list(range(1, 40, 3))
    assert frames(exclude_cameras=0, where={"id": [1, 2]}) == [1]
    assert frames(where={"camera": 7}) == []
    with pytest.raises(ValueError, match="Did you mean 'frame'"):
        frames(where={"frames": 1})
    with pytest.raises(ValueError, match="pair"):
        frames(where={"frame": (1, 2, 3)})


def test_times_are_ordered(tmp_path):
    gallery = Gallery.create(tmp_path / "g")
    days = [datetime.datetime(2026, 1, day) for day in (1, 2, 3)]
    gallery.add(Descriptors(np.eye(3)), times=days)
    hits = gallery.search(
        Descriptors([[1.0, 0, 0]]), where={"time": (days[1], None)}
    )
    assert sorted(hits.ids.tolist()) == [2, 3]


def test_a_removed_person_is_in_no_file(tmp_path, people):
    gallery = make_gallery(tmp_path, people)
    gallery.search(people[:1])
    mine = [k for k in range(40) if k % 5 == 2]
    secrets = [people.embeddings[k].tobytes() for k in mine]
    assert all(s in bytes_in(gallery.path) for s in secrets)
    others = {
        people.embeddings[k].tobytes() for k in range(40) if k not in mine
    }
    assert gallery.remove(identity="person 2") == len(mine)
    assert gallery.remove(identity="person 2") == 0
    for again in (False, True):
        if again:
            gallery.compact()
        gallery.search(people[:1])
        left = bytes_in(gallery.path)
        assert not any(s in left for s in secrets if s not in others)
        assert b"person 2" not in left and b"person 3" in left
    assert gallery.remove(ids=[1, 2, 999]) == 2
    assert len(gallery) == 40 - len(mine) - 2
    numbers = gallery.add(people[:1], frame=1000)
    assert numbers.tolist() == [41], "numbers are not used again"
    with pytest.raises(ValueError, match="one of them"):
        gallery.remove()


def test_a_second_writer_is_told(gallery, people):
    with write_lock(gallery.path):
        for write in (
            lambda: gallery.add(people, frame=range(40)),
            lambda: gallery.remove(identity="person 1"),
            gallery.compact,
        ):
            with pytest.raises(BlockingIOError, match="another process"):
                write()
        assert len(Gallery.open(gallery.path).search(people[:1])) == 10
    gallery.compact()


def test_a_search_holds_up_nobody_who_adds(gallery, people, monkeypatch):
    """Who removes waits until the file of a search is there, and deletes it."""
    removal = threading.Thread(target=gallery.remove, kwargs={"ids": [1, 2]})
    snapshot = Store.snapshot

    def interrupted(store):
        found = snapshot(store)
        if len(gallery) == 40:
            assert gallery.add(people[:1], frame=99).tolist() == [41]
            removal.start()
            removal.join(0.5)
            assert removal.is_alive() and len(gallery) == 41
        return found

    monkeypatch.setattr(Store, "snapshot", interrupted)
    other = Gallery.open(gallery.path, engine="disk")
    hits = other.search(people[:1], k=99)
    assert hits.ids.max() <= 40, "as it was when it began"
    removal.join()
    assert len(gallery) == 39 and not (gallery.path / "vectors").exists()
    # The file is made while somebody writes, too.
    with write_lock(gallery.path):
        assert len(other.search(people[:1], k=99)) == 39
    written = (gallery.path / "vectors" / "embeddings").read_bytes()
    assert (
        written
        == np.append(people.embeddings[2:], people.embeddings[:1], 0)
        .astype("float32")
        .tobytes()
    )


def test_one_sees_what_another_wrote(gallery, people):
    other = Gallery.open(gallery.path, engine="memory")
    assert len(other.search(people[:1], k=99)) == 40
    gallery.remove(ids=range(1, 11))
    gallery.add(people[:3], frame=range(100, 103))
    for either in (other, gallery):
        assert len(either.search(people[:1], k=99)) == 33


def test_what_is_there_is_not_overwritten(gallery, tmp_path):
    with pytest.raises(FileExistsError, match="there already"):
        Gallery.create(gallery.path)
    with pytest.raises(FileNotFoundError, match="no gallery"):
        Gallery.open(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="Did you mean 'memory'"):
        Gallery.open(gallery.path, engine="memry")
    # A gallery that could not be made leaves nothing behind.
    with pytest.raises(ValueError, match="cannot `embed`"):
        Gallery.create(tmp_path / "bad", model=7)
    assert {f.name for f in tmp_path.iterdir()} == {"shop.gallery"}


def test_other_files_are_no_gallery(tmp_path):
    (tmp_path / "gallery.sqlite").write_text("something else " * 100)
    with pytest.raises(ValueError, match="cannot be read as a gallery"):
        Gallery.open(tmp_path)
    (tmp_path / "gallery.sqlite").unlink()
    with sqlite3.connect(tmp_path / "gallery.sqlite") as connection:
        connection.execute("CREATE TABLE about (key, value)")
    with pytest.raises(ValueError, match="not written by this version"):
        Gallery.open(tmp_path)


class Painter:
    """A model that describes an image by its mean colour."""

    embedding_names = ("colour",)

    def __init__(self, gain=1.0):
        self.gain = gain

    def inference_model(self):
        import keras

        return keras.Sequential(
            [keras.Input((1,)), keras.layers.Rescaling(self.gain)]
        )

    def embed(self, images):
        means = [np.mean(i, axis=(0, 1), dtype="float64") for i in images]
        return Descriptors(np.array(means) + 1e-3, names=("colour",))


def colour(*rgb, size=(20, 10)):
    return np.full((*size, 3), rgb, "uint8")


def test_images_of_all_kinds(tmp_path):
    gallery = Gallery.create(
        tmp_path / "g", Painter(), distance=Distance("cosine")
    )
    path = tmp_path / "red.png"
    Image.fromarray(colour(200, 0, 0)).save(path)
    street = np.concatenate([colour(0, 200, 0), colour(0, 0, 200)], axis=1)
    numbers = gallery.add(
        [path, (street, (0, 0, 10, 20)), (street, (10, 0, 20, 20))],
        identities=["red", "green", "blue"],
    )
    assert numbers.tolist() == [1, 2, 3]
    # The same pixels, whatever they come in.
    assert gallery.add([colour(200, 0, 0), str(path)]).tolist() == [1, 1]
    for query, name in (
        (str(path), "red"),
        (colour(10, 90, 0), "green"),
        ((street, (12, 3, 18, 9)), "blue"),
        ([colour(90, 40, 0), colour(90, 0, 10)], "red"),
    ):
        hits = gallery.search(query, k=2)
        assert hits[0].identity == name and len(hits) == 2
    assert hits.photos[1].shape == (20, 10, 3)
    red = gallery.search(path)[0]
    assert red.path == str(path) and red.thumbnail[:2] == b"\xff\xd8"
    assert gallery.remove(identity="red") == 1
    assert red.thumbnail not in bytes_in(gallery.path)
    with pytest.raises(ValueError, match="nothing of the image"):
        gallery.search((street, (50, 0, 60, 20)))
    with pytest.raises(ValueError, match="uint8"):
        gallery.search(np.zeros((4, 4)))
    with pytest.raises(FileNotFoundError, match="no image"):
        gallery.add(["gone.jpg"])


def test_images_need_not_be_kept(tmp_path):
    gallery = Gallery.create(tmp_path / "g", Painter(), keep_images=False)
    gallery.add([colour(1, 2, 3)])
    assert gallery.search(colour(1, 2, 3))[0].thumbnail is None


def test_another_model_is_refused(tmp_path):
    model = Painter(2.0)
    gallery = Gallery.create(tmp_path / "g", model)
    gallery.add([colour(1, 2, 3)])
    assert gallery.about["model"]["name"] == "Painter"


def test_importing_takes_no_keras():
    code = (
        "import sys, tempfile, keras_drop; "
        "g = keras_drop.Gallery.create(tempfile.mkdtemp() + '/g'); "
        "g.add(keras_drop.Descriptors([[1.0, 2.0]])); g.compact(); "
        "assert not {'keras', 'tensorflow', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_filter_finds_whatever_columns_are_called(tmp_path):
    gallery = Gallery.create(tmp_path / "g")
    people = draw_people(3, 5, share=1.0)
    names = "it's", "größe", "a\\b", "x.y"
    gallery.add(
        people,
        cameras=["1", "2", None, "3", None],
        frame=range(5),
        **{name: [10, 20, None, 40, 50] for name in names},
    )

    def found(**options):
        return sorted(gallery.search(people[:1], k=9, **options).ids.tolist())

    for name in names:
        assert found(where={name: 20}) == [2]
        assert found(where={name: [10, None]}) == [1, 3]
        assert found(where={name: (20, 40)}) == [2, 4]
        assert found(where={name: None}) == [3]
    assert found(where={"camera": ["3", None]}) == [3, 4, 5]
    assert found(where={"camera": [None]}) == [3, 5]
    assert found(exclude_cameras=["1", None]) == [2, 4]
    assert found(exclude_cameras=None) == [1, 2, 3, 4, 5]
    assert found(exclude_cameras=np.str_("2")) == [1, 3, 4, 5]
    assert found(exclude_ids=(2, 5), exclude_cameras="1") == [3, 4]
    assert found(exclude_ids={1, 3}) == [2, 4, 5]
    assert found(exclude_ids=range(5, 300_000)) == [1, 2, 3, 4]
    assert found(exclude_ids=np.int64(4)) == [1, 2, 3, 5]
    with pytest.raises(ValueError, match="`exclude_ids` are whole numbers"):
        found(exclude_ids=["2"])
    with pytest.raises(ValueError, match="30,000 at most"):
        found(where={"id": list(range(30_001))})
    with pytest.raises(ValueError, match="`exclude_cameras` names 30,002"):
        found(where={"id": list(range(20_001))}, exclude_cameras=range(10_001))
    for refused in ({"parts": ()}, {"where": {"frame": 2**64}}):
        with pytest.raises(ValueError, match=r"is empty|64 bits"):
            found(**refused)
    with pytest.raises(ValueError, match="`ids` are whole numbers"):
        gallery.remove(ids=["1"])


def test_times_of_nanoseconds_are_times(tmp_path):
    gallery = Gallery.create(tmp_path / "g")
    people = draw_people(3, 2, share=1.0)
    times = np.array(["2026-01-31T12:00", "NaT"], "datetime64[ns]")
    gallery.add(people, times=times, frame=[0, 1])
    hits = gallery.search(people[:1], where={"time": ("2026", None)})
    assert [hit.time for hit in hits] == ["2026-01-31T12:00:00"]


def test_a_damaged_file_is_said_to_be(tmp_path):
    gallery = make_gallery(tmp_path, draw_people(1, 40, dim=64))
    gallery.search(draw_people(1, 1, dim=64))
    file = gallery.path / "gallery.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"A" * (len(content) - 8192))
    for use in (
        lambda: Gallery.open(gallery.path).search(draw_people(1, 1, dim=64)),
        lambda: gallery.remove(ids=[1]),
        gallery.compact,
    ):
        with pytest.raises(ValueError, match=r"is damaged .*malformed"):
            use()
    check = gallery.check()
    assert not check.is_whole and "malformed" in str(check)


def test_it_is_searched_where_nobody_may_write(tmp_path, monkeypatch):
    people = draw_people(1, 5)
    gallery = make_gallery(tmp_path, people)

    def refuse(folder, *_, **__):
        raise PermissionError(errno.EACCES, "not yours", str(folder))

    monkeypatch.setattr(vectors, "write_lock", refuse)
    assert len(gallery.search(people[:1], k=9)) == 5
    assert not (gallery.path / "vectors").exists()


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"identity": float("nan")}, "`identity` is to be nan, which no image"),
        ({"where": {"time": (None, float("nan"))}}, "`time` is to be nan"),
        ({"where": {"time": (None, None)}}, "which is every image"),
        ({"where": {"camera": [1, float("inf")]}}, "`camera` is to be inf"),
    ],
    ids=str,
)
def test_what_nobody_meant_removes_nothing(gallery, wrong, message):
    with pytest.raises(ValueError, match=message):
        gallery.remove(**wrong)
    assert len(gallery) == 40


def test_a_time_that_is_none_is_no_open_end(gallery):
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="`time` is to be NaT"):
        gallery.remove(where={"time": (None, pandas.NaT)})
    assert len(gallery) == 40


def test_old_images_are_removed(gallery):
    with pytest.raises(ValueError, match="a filter names a column"):
        gallery.remove(where={})
    with pytest.raises(ValueError, match="one of them"):
        gallery.remove(where={"camera": 1}, ids=[1])
    with pytest.raises(ValueError, match="Did you mean 'camera'"):
        gallery.remove(where={"kamera": 1})
    assert len(gallery) == 40
    assert gallery.remove(where={"time": (None, 100), "camera": [0, 1]}) == 8
    hits = gallery.search(draw_people(0, 1), k=99)
    assert all(hit.time > 100 or hit.camera == 2 for hit in hits)
    assert len(hits) == 32
    assert gallery.remove(ids=hits.ids[:2]) == 2
