"""The next batches, made on threads while the last one is used."""

import concurrent.futures
import os
import threading

from keras_drop.checks import refuse_no_count


class LookAhead:
    """Makes the batches that come next before they are asked for.

    It looks ahead as long as the batches are asked for in order.

    `keras.utils.PyDataset` has workers of its own. They hand on batches of an
    old epoch when a new one begins, so what an epoch shows would depend on
    timing; with these, a batch is the one of its index, whoever asks.

    Args:
        make: Function from a batch index to the batch. Called on threads.
        num_batches: Number of batches.
        workers: Number of threads.

    Example:
    >>> from keras_drop.data.reading.look_ahead import LookAhead
    >>> squares = LookAhead(lambda index: index**2, num_batches=4, workers=2)
    >>> [squares[index] for index in range(4)]
    [0, 1, 4, 9]
    """

    def __init__(self, make, num_batches, workers):
        self._make = make
        self._num_batches = num_batches
        self._ahead = workers + 1
        self._threads = concurrent.futures.ThreadPoolExecutor(workers)
        self._lock = threading.Lock()
        self._coming = {}
        self._last = -1

    def __getitem__(self, index):
        with self._lock:
            in_order = index in (0, self._last + 1)
            end = index + 1 + (self._ahead if in_order else 0)
            wanted = range(index, min(end, self._num_batches))
            for other in [i for i in self._coming if i not in wanted]:
                self._coming.pop(other).cancel()
            for i in wanted:
                if i not in self._coming:
                    self._coming[i] = self._threads.submit(self._make, i)
            batch = self._coming.pop(index)
            self._last = index
        return batch.result()

    def forget(self):
        """Drops what was made ahead."""
        with self._lock:
            for batch in self._coming.values():
                batch.cancel()
            self._coming.clear()


def checked_workers(workers=None):
    """Number of threads; left out one a core, eight at most.

    Raises:
        ValueError: No whole number from 1.
    """
    if workers is None:
        return min(os.cpu_count() or 1, 8)
    refuse_no_count(workers=workers)
    return workers
