"""`WrappedBatches`: training batches, and something beside them."""

import keras


class WrappedBatches(keras.utils.PyDataset):
    """Batches around `TrainingBatches`, whose rows and epoch they have.

    A subclass has `__getitem__`, and `_follow(epoch)` if it holds something
    that has epochs of its own.

    Args:
        batches: `TrainingBatches`, or what wraps some.
    """

    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    @property
    def records(self):
        """`Records` of the training images."""
        return self.batches.records

    @property
    def epoch(self):
        """Number of the epoch that the batches belong to."""
        return self.batches.epoch

    @epoch.setter
    def epoch(self, epoch):
        self.batches.epoch = epoch
        self._follow(epoch)

    @property
    def share(self):
        """`(index, count)`: which part of how many each batch is of."""
        return self.batches.share

    @share.setter
    def share(self, share):
        self.batches.share = share

    @property
    def num_identities(self):
        """People in the records of the batches within."""
        return self.batches.num_identities

    def __len__(self):
        return len(self.batches)

    def on_epoch_end(self):
        """Moves to the next epoch if this one was shown in full."""
        before = self.batches.epoch
        self.batches.on_epoch_end()
        if self.batches.epoch != before:
            self._follow(self.batches.epoch)

    def rows(self, index):
        """`(batch,)` row numbers, in the records, of a whole batch."""
        return self.batches.rows(index)

    def own_rows(self, index):
        """Those of the part of a batch that this process reads."""
        return self.batches.own_rows(index)

    def _follow(self, epoch):
        """Takes what is beside the batches to their epoch."""
