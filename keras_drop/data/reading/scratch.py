"""Memory that is used over and over."""

import math
import threading

import numpy as np

_ARRAYS = threading.local()
# One large photo among many crops should not keep its memory for good.
_LARGEST = 2**22


def scratch(name, shape, dtype):
    """An array of this thread, with whatever its last use left in it.

    Allocated afresh for every image, arrays of a quarter of a megabyte come
    from the operating system and go back to it, which takes longer than what
    is done with them. Arrays of more than four million values are not kept.

    Args:
        name: Of the use; two arrays in use at a time need two names.
        shape: Of the array.
        dtype: Of the array, the same for every use of the name.

    Returns:
        Contiguous array. The next call of this thread with the name may give
        the same memory.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.reading.scratch import scratch
    >>> array = scratch("example", (2, 3), "uint8")
    >>> again = scratch("example", (3, 1), "uint8")
    >>> again.shape, bool(np.shares_memory(array, again))
    ((3, 1), True)
    """
    size = math.prod(shape)
    if size > _LARGEST:
        return np.empty(shape, dtype)
    flat = getattr(_ARRAYS, name, None)
    if flat is None or flat.size < size:
        flat = np.empty(size, dtype)
        setattr(_ARRAYS, name, flat)
    return flat[:size].reshape(shape)
