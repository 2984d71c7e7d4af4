"""`EpochBatches`: what the batches of `fit` share."""

import keras

from keras_drop.data.reading.look_ahead import LookAhead, checked_workers


class EpochBatches(keras.utils.PyDataset):
    """Batches that follow from the epoch and their index alone.

    Not from the number of workers, nor from what was asked for before. A
    subclass has `_draw(epoch)`, the rows of every batch of an epoch,
    `_make(index)`, the batch of `rows(index)`, and `_files`, what it reads; it
    calls `_start` when its constructor is done.

    Of several processes that learn together each reads its own part of every
    batch: `batches.share = (1, 4)` leaves the second of four parts. What is
    in it is what the whole batch has there.
    """

    _share = (0, 1)

    def _start(self, workers):
        """Begins with epoch 0; `workers` as of `TrainingBatches`."""
        self._num_batches = len(self._draw(0))
        self._ahead = LookAhead(
            self._make, self._num_batches, checked_workers(workers)
        )
        self.epoch = 0

    @property
    def epoch(self):
        """Number of the epoch that the batches belong to."""
        return self._epoch

    @property
    def unreadable(self):
        """Why, by path, of every file that could not be read so far."""
        return dict(self._files.unreadable.reasons)

    @epoch.setter
    def epoch(self, epoch):
        self._files.unreadable.tell()
        self._epoch, self._rows = epoch, self._draw(epoch)
        self._shown = set()
        self._ahead.forget()

    @property
    def share(self):
        """`(index, count)`: which part of how many each batch is of."""
        return self._share

    @share.setter
    def share(self, share):
        index, count = share
        if not 0 <= index < count:
            raise ValueError(
                f"`share` is {share}: part `index` of `count`, counted from 0, "
                "as (0, 4) is."
            )
        size = len(self.rows(0))
        if size % count:
            raise ValueError(
                f"A batch of {size} images cannot be shared out equally among "
                f"{count} processes. Choose a multiple of {count}."
            )
        self._share = index, count
        self._ahead.forget()

    def __len__(self):
        return self._num_batches

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of {len(self)}.")
        batch = self._ahead[index]
        self._shown.add(index)
        return batch

    def on_epoch_end(self):
        """Moves to the next epoch if this one was shown in full.

        `fit` also calls this before its first epoch, and after a look at the
        first batch.
        """
        if len(self._shown) == len(self):
            self.epoch += 1

    def rows(self, index):
        """`(batch,)` row numbers, in the records, of a whole batch."""
        return self._rows[index]

    def own_rows(self, index):
        """Those of the part of a batch that this process reads."""
        rows = self.rows(index)
        return rows[self._own(rows)]

    def _own(self, rows):
        """Slice of the rows of a batch that are read."""
        index, count = self._share
        size = len(rows) // count
        return slice(index * size, (index + 1) * size)
