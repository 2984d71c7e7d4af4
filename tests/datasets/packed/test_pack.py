"""The packed form: the same bytes, whole or not at all, taken up again."""

import json
import os

import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.data import (
    IdentitySampler,
    ImageBatches,
    ParsingLabels,
    TrainingBatches,
    read_image,
)
from keras_drop.datasets import pack, read_packed, read_table, verify_packed
from keras_drop.datasets.checking.image_look import look_at_image
from keras_drop.datasets.packed import pack as packing
from keras_drop.datasets.packed import shards
from keras_drop.files.npz_file import read_npy

pytest.importorskip("array_record")
pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def splits(tmp_path):
    """Images of two splits with labels, one of them without."""
    rng = np.random.default_rng(5)
    paths, labels = [], []
    for number in range(10):
        image = rng.integers(0, 256, (24 + number, 12, 3), "uint8")
        paths.append(tmp_path / f"{number}.{'jpg' if number % 2 else 'png'}")
        Image.fromarray(image).save(paths[-1])
        labels.append(tmp_path / f"{number}.npy")
        np.save(labels[-1], rng.random((36, 6, 3), "float32"))
    labels[3] = ""
    records = Records(
        paths,
        np.arange(10) // 2,
        np.arange(10) % 2,
        labels,
        view=["front", "back"] * 5,
        time=np.arange(10) / 4,
    )
    return {"train": records[:8], "query": records[8:9], "gallery": records[9:]}


def test_what_is_read_of_it_is_the_same(tmp_path, splits):
    table = pack(splits, tmp_path / "packed", "occluded_duke", files_each=3)
    for read in (
        read_table(table),
        read_packed(tmp_path / "packed", "occluded_duke"),
    ):
        assert list(read) == list(splits)
        for split, records in splits.items():
            same = read[split]
            for name in ("identities", "cameras", "view", "time"):
                expected = getattr(records, name).tolist()
                assert getattr(same, name).tolist() == expected
            for old, new in zip(records.paths, same.paths, strict=True):
                np.testing.assert_array_equal(read_image(old), read_image(new))
            labels = zip(records.parsing_paths, same.parsing_paths, strict=True)
            for old, new in labels:
                assert bool(old) == bool(new)
                if old:
                    np.testing.assert_array_equal(read_npy(old), read_npy(new))
    names = {file.name for file in (tmp_path / "packed").iterdir()}
    packed = {f"images-{number:05}.array_record" for number in range(4)}
    packed |= {f"labels-{number:05}.array_record" for number in range(3)}
    assert names == {"images.csv", "packed.json"} | packed


def test_batches_are_equal(tmp_path, splits):
    moved = read_table(pack(splits, tmp_path / "packed", files_each=3))
    first, second = (
        TrainingBatches(
            s["train"],
            (32, 16),
            ParsingLabels("pifpaf36", "five"),
            IdentitySampler(3, 2),
            transforms=("flip", "crop", "erase"),
            workers=2,
            seed=3,
        )
        for s in (splits, moved)
    )
    for (images, targets), (same, others) in zip(first, second, strict=True):
        np.testing.assert_array_equal(images, same)
        assert set(targets) == set(others)
        for name in targets:
            np.testing.assert_array_equal(targets[name], others[name])
    first, second = (
        ImageBatches(s["gallery"].paths, (32, 16)) for s in (splits, moved)
    )
    np.testing.assert_array_equal(first[0], second[0])
    path = moved["query"].paths[0]
    assert look_at_image(path).problem == ""


def test_a_run_that_was_stopped_goes_on(tmp_path, splits, monkeypatch):
    written, replace = [], shards.os.replace

    def stop_at_the_third(part, file):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(file.name)
        replace(part, file)

    folder = tmp_path / "packed"
    monkeypatch.setattr(shards.os, "replace", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        pack(splits, folder, files_each=3)
    with pytest.raises(FileNotFoundError, match="run it again"):
        read_packed(folder, "")
    # The second one is of other files meanwhile.
    path = splits["train"].paths[4]
    Image.new("RGB", (9, 17)).save(path)
    again = []

    def keep(part, file):
        again.append(file.name)
        replace(part, file)

    monkeypatch.setattr(shards.os, "replace", keep)
    read = read_table(pack(splits, folder, files_each=3))
    packed = [name for name in again if name.endswith("array_record")]
    assert packed[0] == "images-00001.array_record"
    assert len(packed) == 4 + 3 - 1
    assert read_image(read["train"].paths[4]).shape == (17, 9, 3)
    assert verify_packed(folder) == []


def test_what_a_stopped_run_had_more_of_is_removed(
    tmp_path, splits, monkeypatch
):
    folder, mine = tmp_path / "packed", "images-mine.array_record"
    with monkeypatch.context() as patch:
        patch.setattr(packing, "write_columns", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pack(splits, folder, files_each=3)
    (folder / mine).write_bytes(b"of somebody else")
    pack({"train": splits["train"][:5]}, folder, files_each=3)
    packed = {f"images-0000{number}.array_record" for number in range(2)}
    packed |= {f"labels-0000{number}.array_record" for number in range(2)}
    names = {file.name for file in folder.iterdir()}
    assert names == {"images.csv", "packed.json", mine} | packed


def test_a_table_of_ones_own_is_not_written_over(tmp_path, splits, monkeypatch):
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "images.csv").write_text("mine")
    with pytest.raises(FileExistsError, match="would be written over"):
        pack(splits, folder)
    assert [file.name for file in folder.iterdir()] == ["images.csv"]
    assert (folder / "images.csv").read_text() == "mine"
    (folder / "images.csv").unlink()

    def stop(path, content):
        raise KeyboardInterrupt

    # A run that was stopped after its table goes on.
    with monkeypatch.context() as patched:
        patched.setattr(packing, "write_file", stop)
        with pytest.raises(KeyboardInterrupt):
            pack(splits, folder)
    assert (folder / "images.csv").exists()
    pack(splits, folder)
    assert verify_packed(folder) == []


def test_what_was_changed_is_found(tmp_path, splits):
    folder = tmp_path / "packed"
    pack(splits, folder, files_each=4)
    with pytest.raises(FileExistsError, match="already"):
        pack(splits, folder)
    file = folder / "images-00001.array_record"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    (folder / "labels-00000.array_record").unlink()
    assert verify_packed(folder) == [file.name, "labels-00000.array_record"]
    gone = folder / "labels-00000.array_record@0"
    with pytest.raises(FileNotFoundError, match="no packed file"):
        read_npy(gone)
    with pytest.raises(FileNotFoundError):
        read_image(folder / "images-00000.array_record@99")
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(
        ValueError, match=r"images-00001.*packed file is broken"
    ):
        read_image(f"{file}@0")


def test_what_is_packed_is_packed_anew(tmp_path, splits):
    table = pack(splits, tmp_path / "small", files_each=3)
    again = pack(read_table(table), tmp_path / "large", files_each=20)
    names = {file.name for file in again.parent.iterdir()}
    kinds = {f"{kind}-00000.array_record" for kind in ("images", "labels")}
    assert names == {"images.csv", "packed.json"} | kinds
    found = read_table(again)["train"]
    for old, new in zip(splits["train"].paths, found.paths, strict=True):
        np.testing.assert_array_equal(read_image(old), read_image(new))
    label = read_npy(found.parsing_paths[0])
    expected = read_npy(splits["train"].parsing_paths[0])
    np.testing.assert_array_equal(label, expected)


def test_a_pipe_is_not_packed(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    records = Records([str(tmp_path / "a.jpg")], [7], [0])
    with pytest.raises(ValueError, match="a pipe or a device"):
        pack({"query": records}, tmp_path / "packed")


def test_another_data_set_is_refused(tmp_path, splits):
    folder = tmp_path / "packed"
    pack(splits, folder)
    with pytest.raises(ValueError, match="own data, packed, and not market"):
        read_packed(folder, "market1501")
    content = json.loads((folder / "packed.json").read_text())
    del content["name"]
    (folder / "packed.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="broken"):
        read_packed(folder, "market1501")
