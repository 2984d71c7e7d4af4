import types

import pytest

from keras_drop.data.batches.epoch_batches import EpochBatches
from keras_drop.data.reading.unreadable_files import UnreadableFiles

pytestmark = pytest.mark.backend_neutral


class Numbers(EpochBatches):
    """Three batches, each the epoch and its rows."""

    def __init__(self, workers=None):
        super().__init__()
        self._files = types.SimpleNamespace(unreadable=UnreadableFiles(2))
        self._start(workers)

    def _draw(self, epoch):
        return [[epoch + i, 10 * i] for i in range(3)]

    def _make(self, index):
        return self.epoch, self.rows(index)


@pytest.mark.parametrize("workers", [None, 1, 3])
def test_batches_are_those_of_their_epoch(workers):
    batches = Numbers(workers)
    assert [batches[i] for i in range(3)] == [
        (0, [0, 0]),
        (0, [1, 10]),
        (0, [2, 20]),
    ]
    batches.epoch = 5
    assert [batches[i] for i in (2, 0)] == [(5, [7, 20]), (5, [5, 0])]


def test_only_epochs_that_were_shown_in_full_count():
    batches = Numbers()
    batches.on_epoch_end()
    batches[0], batches[1]
    batches.on_epoch_end()
    assert batches.epoch == 0
    batches[2]
    batches.on_epoch_end()
    assert batches.epoch == 1
    batches[0]
    batches.on_epoch_end()
    assert batches.epoch == 1


def test_there_is_no_batch_after_the_last():
    for index in (3, -1):
        with pytest.raises(IndexError, match=f"Batch {index} of 3"):
            Numbers()[index]


def test_every_epoch_tells_of_what_could_not_be_read():
    batches = Numbers()
    files = batches._files.unreadable
    files.add("a.jpg", ValueError("a.jpg is cut off."))
    with pytest.warns(UserWarning, match=r"^1 files .*: a\.jpg is cut off\.$"):
        batches.epoch = 1
    batches.epoch = 2  # would be an error, if it told it again
    files.add("b.jpg", ValueError("b.jpg is gone."))
    with pytest.warns(UserWarning, match=r"^1 files .*: b\.jpg is gone\.$"):
        batches.epoch = 3
    assert list(batches.unreadable) == ["a.jpg", "b.jpg"]
