"""Decoded images kept in memory."""

import threading


class ImageCache:
    """Keeps what was read, until a stated memory is full.

    What does not fit any more is read again each time: an epoch shows every
    image once, so that throwing out old ones would keep none.

    Args:
        read: Function from a key to a tuple of arrays (or `None`s).
        megabytes: Memory for the arrays; 0 keeps nothing.

    Example:
    >>> from keras_drop.data.reading.image_cache import ImageCache
    >>> import numpy as np
    >>> calls = []
    >>> def read(key):
    ...     calls.append(key)
    ...     return (np.zeros((1000, 1000), "uint8"),)
    >>> cache = ImageCache(read, megabytes=1)
    >>> for key in (1, 2, 1, 2):
    ...     _ = cache[key]
    >>> calls
    [1, 2, 2]
    """

    def __init__(self, read, megabytes):
        self._read = read
        self._left = megabytes * 1_000_000
        self._kept = {}
        self._lock = threading.Lock()

    def __getitem__(self, key):
        if key in self._kept:
            return self._kept[key]
        arrays = self._read(key)
        size = sum(array.nbytes for array in arrays if array is not None)
        with self._lock:
            if key not in self._kept and size <= self._left:
                self._left -= size
                self._kept[key] = arrays
        return arrays
