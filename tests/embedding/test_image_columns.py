from pathlib import Path

import pytest

from keras_drop import Records
from keras_drop.datasets import OwnData
from keras_drop.embedding import image_columns, read_columns
from tests.embedding.photos import make_photos

pytestmark = pytest.mark.backend_neutral


def test_a_folder_of_whomever(tmp_path):
    paths, _ = make_photos(tmp_path / "photos" / "b", 2)
    more, _ = make_photos(tmp_path / "photos" / "a", 1)
    (tmp_path / "photos/notes.txt").write_text("no image")
    assert read_columns(str(tmp_path / "photos")) == {"path": [*more, *paths]}
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no images in"):
        read_columns(str(tmp_path / "empty"))
    with pytest.raises(ValueError, match="has no splits"):
        read_columns(str(tmp_path / "photos"), splits=("query",))


def test_a_folder_with_a_pattern(tmp_path):
    for split in ("query", "gallery"):
        make_photos(tmp_path / split, 2)
    own = OwnData(
        r"(?P<identity>\d+)\.png", ("", "query", "gallery"), (), "none"
    )
    found = read_columns(str(tmp_path), own, splits=("gallery",))
    assert found["path"] == [
        str(tmp_path / "gallery" / f"00{k}.png") for k in (0, 1)
    ]
    assert found["identity"] == ["0", "1"] and found["camera"] == ["1", "1"]
    with pytest.raises(ValueError, match="no image of train, but of gallery"):
        read_columns(str(tmp_path), own, splits=("train",))
    with pytest.raises(ValueError, match="Did you mean 'gallery'"):
        read_columns(str(tmp_path), own, splits=("query", "galery"))


def test_a_table_needs_paths_alone(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("file,pid,shop\na.jpg,anna,3\n/b.jpg,-1,\n")
    own = OwnData(columns=("path:file", "identity:pid"))
    assert read_columns(str(table), own) == {
        "path": [str(tmp_path / "a.jpg"), "/b.jpg"],
        "identity": ["anna", "-1"],
        "shop": ["3", ""],
    }
    with pytest.raises(ValueError, match="has no column path, but file"):
        read_columns(str(table))


def test_records_and_dictionaries():
    names = ["anna", "ben"]
    records = Records(["/a.jpg", "b.jpg"], [0, 1], [4, 5], identity_names=names)
    assert image_columns(records) == {
        "path": ["/a.jpg", str(Path("b.jpg").absolute())],
        "identity": names,
        "camera": ["4", "5"],
    }
    told = {"path": [Path("/a.jpg")], "time": [float("nan")], "x": [None]}
    assert image_columns(told) == {"path": ["/a.jpg"], "time": [""], "x": [""]}
    for wrong, why in (
        ({"paths": ["a"]}, "no column `path`, but paths"),
        ([], "no image to embed"),
        ({"path": ["a", "b"], "x": [1]}, "2 values in `x`; it has 1"),
        ({"path": ["a"], "row": [1]}, "cannot be called 'row'"),
    ):
        with pytest.raises(ValueError, match=why):
            image_columns(wrong)
