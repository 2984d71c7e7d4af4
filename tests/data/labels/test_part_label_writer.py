import json
import os

import numpy as np
import pytest

from keras_drop.data import ParsingLabels, read_image, write_part_labels
from keras_drop.datasets import read_parsed_images
from tests.data.labels.test_parse_images import save
from tests.data.networks import ColourSegmenter

pytestmark = pytest.mark.backend_neutral

ABOUT = {"label_format": "custom", "weights": "1234"}


@pytest.fixture
def records(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("query/1/a.png", "query/2/b.png", "c.png"):
        path = tmp_path / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, rng.integers(0, 4, (8, 4)))
    return read_parsed_images(tmp_path / "images")


def write(records, folder, about=ABOUT):
    return write_part_labels(ColourSegmenter(), records, folder, (8, 4), about)


def test_labels_lie_as_the_images_do_and_can_be_read(records, tmp_path):
    assert write(records, tmp_path / "labels") == []
    again = read_parsed_images(tmp_path / "images", tmp_path / "labels")
    assert (again.parsing_paths != "").all()
    labels = ParsingLabels("custom", "three_v")
    for path, label in zip(again.paths, again.parsing_paths):
        grey = read_image(path)[..., 0]
        read = labels.read(label, (8, 4))
        np.testing.assert_array_equal(labels.group(read), grey // 10)
    about = json.loads((tmp_path / "labels/labels.json").read_text())
    assert about == ABOUT


def test_goes_on_where_it_stopped(records, tmp_path, monkeypatch):
    folder, real = tmp_path / "labels", os.replace

    def stop_at_the_second(part, path):
        if str(path).endswith("a.png"):
            raise KeyboardInterrupt
        real(part, path)

    monkeypatch.setattr(os, "replace", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        write(records, folder)
    monkeypatch.setattr(os, "replace", real)
    assert [p.name for p in folder.rglob("*.p*")] == ["c.png"]
    before = (folder / "c.png").stat().st_mtime_ns
    assert write(records, folder) == []
    assert len([*folder.rglob("*.png")]) == 3
    assert (folder / "c.png").stat().st_mtime_ns == before


def test_broken_images_are_named_and_left_out(records, tmp_path):
    with open(records.paths[1], "wb") as file:
        file.write(b"broken")
    (problem,) = write(records, tmp_path / "labels")
    assert f"{records.paths[1]} cannot be decoded" in problem
    assert len([*(tmp_path / "labels").rglob("*.png")]) == 2
    assert len(write(records, tmp_path / "labels")) == 1


def test_labels_are_never_mixed(records, tmp_path):
    write(records, tmp_path / "labels")
    with pytest.raises(ValueError, match=r"weights is '1234', not '5678'"):
        write(records, tmp_path / "labels", {**ABOUT, "weights": "5678"})
    with pytest.raises(ValueError, match=r"is not empty and holds no labels"):
        write(records, tmp_path / "images")
