import keras
import numpy as np
import pytest

from keras_drop.data import RemainingBatches

pytestmark = pytest.mark.backend_neutral


class Batches(keras.utils.PyDataset):
    """Five batches of an epoch that moves on when it ends."""

    epoch = 3

    def __len__(self):
        return 5

    def __getitem__(self, index):
        return np.full((2, 1), 10 * self.epoch + index)

    def rows(self, index):
        return np.array([2 * index, 2 * index + 1])

    def on_epoch_end(self):
        self.epoch += 1


@pytest.mark.parametrize("first", [0, 2, 4])
def test_are_those_that_are_left_of_the_same_epoch(first):
    remaining = RemainingBatches(Batches(), first)
    found = [remaining[index][0, 0] for index in range(len(remaining))]
    assert found == [30 + index for index in range(first, 5)]
    assert remaining.rows(0).tolist() == [2 * first, 2 * first + 1]
    remaining.on_epoch_end()
    assert remaining[0][0, 0] == 30 + first
    with pytest.raises(IndexError):
        remaining[5 - first]


@pytest.mark.parametrize("first", [-1, 5])
def test_refuses_an_epoch_of_which_nothing_is_left(first):
    with pytest.raises(ValueError, match=f"`first` is {first};.*0 to 4"):
        RemainingBatches(Batches(), first)
