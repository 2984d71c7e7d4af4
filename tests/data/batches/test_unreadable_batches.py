"""Files that break or vanish while `fit` goes on."""

import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import (
    IdentitySampler,
    ParsingBatches,
    ParsingLabels,
    SegmentationBatches,
    TrainingBatches,
    read_image,
    resize_image,
)
from keras_drop.data.batches.training_files import TrainingFiles
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral
SIZE = 16, 8


def batches_of(records, **arguments):
    return TrainingBatches(
        records,
        SIZE,
        sampler=IdentitySampler(2, 5),
        transforms=(),
        workers=2,
        **arguments,
    )


def spoil(path, how):
    if how == "vanished":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize("how", ["vanished", "empty", "cut"])
def test_the_first_one_stops_unless_some_are_allowed(tmp_path, how):
    records = make_records(tmp_path)
    spoil(tmp_path / "1_2.png", how)
    batches = batches_of(records)
    with pytest.raises((FileNotFoundError, ValueError), match=r"1_2\.png"):
        [batches[index] for index in range(len(batches))]
    batches = batches_of(records, max_unreadable=1)
    shown = set()
    for index in range(len(batches)):
        images, targets = batches[index]
        rows = batches.rows(index)
        expected = [
            resize_image(read_image(records.paths[8 if r == 7 else r]), SIZE)
            for r in rows
        ]
        np.testing.assert_array_equal(images, expected)
        np.testing.assert_array_equal(targets["identities"], rows // 5)
        shown.update(rows.tolist())
    assert 7 in shown
    assert list(batches.unreadable) == [str(tmp_path / "1_2.png")]
    with pytest.warns(UserWarning, match=r"1 files could not .*1_2\.png"):
        batches.on_epoch_end()
    assert batches.epoch == 1


def test_too_many_stop(tmp_path):
    records = make_records(tmp_path)
    for name in ("0_1.png", "2_0.png", "2_3.png"):
        spoil(tmp_path / name, "cut")
    batches = batches_of(records, max_unreadable=2, cache_megabytes=0)
    message = "3 files cannot be read, `max_unreadable` is 2: "
    with pytest.raises(ValueError, match=message):
        [batches[index] for index in range(len(batches))]


def test_who_stands_in(tmp_path):
    made = make_records(tmp_path, label_format="densepose14")
    cameras = np.array([0, 1, 0, 1, 0] * 4)
    labels = made.parsing_paths.copy()
    labels[4] = ""
    records = Records(made.paths, made.identities, cameras, labels)
    parsing = ParsingLabels("densepose14", "five")
    images = [read_image(path) for path in records.paths]

    def reading(same_person=True):
        files = TrainingFiles(records, parsing, 0, 20, same_person)
        found, label = files[0]
        assert label is not None
        return [r for r in range(20) if np.array_equal(images[r], found)]

    spoil(tmp_path / "0_0.png", "vanished")
    assert reading() == [2]  # of the same camera
    spoil(tmp_path / "0_2.png", "vanished")
    assert reading() == [1]
    spoil(tmp_path / "0_1_label.png", "cut")
    assert reading() == [3]
    spoil(tmp_path / "0_3.png", "vanished")
    with pytest.raises(ValueError, match=r"stand in for .*0_0\.png"):
        reading()
    assert reading(same_person=False) == [5]


def test_batches_of_people_nobody_has_to_know(tmp_path):
    records = make_records(tmp_path, 3, 1, "densepose14")
    spoil(tmp_path / "1_0.png", "vanished")
    labels = ParsingLabels("densepose14", "five")
    parsing = ParsingBatches(
        records, SIZE, labels, 1, batch_size=3, max_unreadable=1
    )
    assert parsing[0]["images"].shape == (3, *SIZE, 3)
    segmentation = SegmentationBatches(
        records, SIZE, labels, batch_size=3, max_unreadable=1
    )
    assert segmentation[0][1].shape == (3, *SIZE)
    for batches in (parsing, segmentation):
        assert list(batches.unreadable) == [str(tmp_path / "1_0.png")]
