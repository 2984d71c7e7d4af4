"""`RemainingBatches`: what is left of an epoch that was interrupted."""

from keras_drop.data.batches.wrapped_batches import WrappedBatches


class RemainingBatches(WrappedBatches):
    """The batches of an epoch without the first ones.

    Args:
        batches: `TrainingBatches`, what wraps some, or other
            `keras.utils.PyDataset` that know their `epoch`.
        first: How many are left out.

    Returns:
        `remaining[index]` is `batches[first + index]`.

    Raises:
        ValueError: None is left.

    Example:
    >>> import numpy as np, keras
    >>> from keras_drop.data import RemainingBatches
    >>> class Batches(keras.utils.PyDataset):
    ...     epoch = 3
    ...     def __len__(self):
    ...         return 5
    ...     def __getitem__(self, index):
    ...         return np.full((2, 1), index)
    >>> remaining = RemainingBatches(Batches(), first=3)
    >>> len(remaining), remaining[0].tolist(), remaining.epoch
    (2, [[3], [3]], 3)
    """

    def __init__(self, batches, first):
        super().__init__(batches)
        if not 0 <= first < len(batches):
            raise ValueError(
                f"`first` is {first}; an epoch of {len(batches)} batches has "
                f"something left after 0 to {len(batches) - 1} of them."
            )
        self.first = first

    def __len__(self):
        return len(self.batches) - self.first

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of {len(self)}.")
        return self.batches[self.first + index]

    def on_epoch_end(self):
        """Stays in the epoch, of which it does not show all."""

    def rows(self, index):
        """`(batch,)` row numbers, in the records, of a whole batch."""
        return self.batches.rows(self.first + index)

    def own_rows(self, index):
        """Those of the part of a batch that this process reads."""
        return self.batches.own_rows(self.first + index)
