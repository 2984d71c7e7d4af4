import sqlite3

import numpy as np
import pytest

from keras_drop import Gallery, Records
from keras_drop.__main__ import main
from keras_drop.cli.gallery.arguments import plain
from keras_drop.embedding import embed_images
from tests.embedding.photos import embedder, make_photos
from tests.gallery.people import draw_people

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(text):
        code = main(["gallery", *text.split()])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def file(tmp_path):
    people = draw_people(0, 12)
    records = Records(
        [f"{k}.jpg" for k in range(12)],
        np.arange(12) % 4,
        np.arange(12) % 2,
        shop=["north", "south"] * 6,
    )
    people.save(tmp_path / "people.npz", records)
    people[:1].save(tmp_path / "who.npz")
    return people


def test_a_gallery_from_start_to_end(run, file, tmp_path):
    assert run("create shop.gallery --forget_images")[0] == 0
    assert "12 added, 0 were there" in run("add shop.gallery people.npz")[1]
    assert "0 added, 12 were there" in run("add shop.gallery people.npz")[1]
    code, text = run(
        "search shop.gallery who.npz --k=4 --where=shop=north "
        "--per_identity --html=hits.html"
    )
    hits = Gallery.open("shop.gallery").search(
        file[:1], 4, where={"shop": "north"}, per_identity=True
    )
    assert code == 0 and text.splitlines()[:-1] == list(map(repr, hits))
    assert (tmp_path / "hits.html").is_file()
    code, text = run(
        "search shop.gallery who.npz --exclude_camera=0 --unknown_above=0 "
        "--parts=head,legs"
    )
    assert code == 1 and text.endswith("Nobody the gallery knows.\n")
    assert "camera=0" not in text
    assert "0 removed" in run("remove shop.gallery --identity=2.0")[1]
    assert "3 removed" in run("remove shop.gallery --identity=2")[1]
    assert "1 removed" in run("remove shop.gallery --id=1 --id=1")[1]
    code, text = run("info shop.gallery")
    assert code == 0 and "images: 8\n" in text and "keep_images: False" in text


def test_a_number_is_found_as_text_as_well(run, file):
    run("create shop.gallery")
    run("add shop.gallery people.npz --identity=7 --camera=3")
    Gallery.open("shop.gallery").add(file[:1], 7, "3", shop="west")
    text = run("search shop.gallery who.npz --k=99 --where=identity=7")[1]
    assert len(text.splitlines()) == 13
    text = run("search shop.gallery who.npz --k=99 --exclude_camera=3")[1]
    assert text.splitlines()[0] == "nothing found"


@pytest.mark.parametrize(
    "text, value",
    [
        ("7", 7),
        ("-2.50", -2.5),
        ("1e3", 1000.0),
        ("007", "007"),
        ("1_2", "1_2"),
        ("Nan", "Nan"),
        ("Infinity", "Infinity"),
        ("1e999", "1e999"),
        ("+5", "+5"),
        ("9" * 20, "9" * 20),
    ],
)
def test_what_is_written_like_a_number_is_one(text, value):
    assert plain(text) == value and type(plain(text)) is type(value)


def test_a_check_says_what_is_broken(run, file):
    run("create shop.gallery --precision=float16")
    run("add shop.gallery people.npz")
    for queries in ("--queries=4", "--queries=who.npz"):
        code, text = run(f"check shop.gallery {queries} --k=3")
        assert code == 0 and "recall@3" in text and "1.0000 of" in text
    with sqlite3.connect("shop.gallery/gallery.sqlite") as connection:
        connection.execute("UPDATE vectors SET embedding = x'00' WHERE id = 7")
    code, text = run("check shop.gallery")
    assert code == 1 and "damaged rows: 1 (7)" in text
    run("remove shop.gallery --id=7")
    assert run("check shop.gallery --engine=memory")[0] == 0
    assert "11 images" in run("compact shop.gallery")[1]
    assert "goes with" in run("info shop.gallery --uri=http://x")[1]


def test_what_was_embedded_is_added(run, tmp_path):
    paths, _ = make_photos(tmp_path / "photos", 5)
    embed_images(embedder(), paths, tmp_path / "embedded")
    run("create shop.gallery")
    assert "5 added, 0 were there" in run("add shop.gallery embedded")[1]
    assert "0 added, 5 were there" in run("add shop.gallery embedded")[1]
    for camera in (0, 1):
        code, text = run(f"add shop.gallery embedded --camera={camera}")
        assert code == 2 and "add it alone" in text


def test_identities_of_a_file_are_kept_or_named(run, file, tmp_path):
    run("create shop.gallery")
    people = np.array([-1, 7, -1] * 4)
    names = [f"{k}.png" for k in range(12)]
    file.save("junk.npz", Records(names, people, np.zeros(12, int)))
    assert "12 added" in run("add shop.gallery junk.npz")[1]
    kept = Gallery("shop.gallery").search(file[:1], k=12)
    found = [str(hit.identity) for hit in kept]
    assert sorted(found) == ["7"] * 4 + ["None"] * 8
    columns = {
        "paths": np.array(names),
        "weather": np.array(["rain"] * 12),
        "time": np.arange(12),
    }
    arrays = {"embeddings": file.embeddings, "names": np.array(file.names)}
    np.savez("unnamed.npz", **arrays, **columns)
    run("create unnamed.gallery")
    assert (
        "12 added"
        in run("add unnamed.gallery unnamed.npz --camera=3 --time=5")[1]
    )
    kept = Gallery("unnamed.gallery").search(file[:1], k=12)
    assert sorted(hit.path for hit in kept) == sorted(names)
    told = {(h.camera, h.time, h.columns["weather"], h.identity) for h in kept}
    assert told == {(3, 5, "rain", None)}
    with np.load("junk.npz") as arrays:
        rest = {k: arrays[k] for k in arrays.files if k != "cameras"}
    np.savez("half.npz", **rest)
    code, text = run("add shop.gallery half.npz")
    assert code == 2 and "cameras" in text


def test_mistakes_are_one_line(run, file, tmp_path):
    for text, why in (
        ("creat shop.gallery", "Did you mean 'create'"),
        ("info nowhere", "There is no gallery in nowhere"),
        ("remove shop.gallery", "--help"),
        ("create", "--help"),
    ):
        code, printed = run(text)
        assert code == 2 and why in printed and printed.count("\n") == 1
    run("create shop.gallery")
    (tmp_path / "._who.jpg").write_bytes(b"what a Mac leaves beside")
    assert "no image in ." in run("add shop.gallery .")[1]
    assert "There is no image who.jpg" in run("search shop.gallery who.jpg")[1]


@pytest.mark.parametrize(
    "action",
    ["", "create", "add", "search", "remove", "compact", "info", "check"],
)
def test_help(action, run, capsys):
    if action:
        with pytest.raises(SystemExit):
            run(f"{action} --help")
        assert f"keras-drop gallery {action}" in capsys.readouterr().out
    else:
        assert "Actions" in run("--help")[1]
