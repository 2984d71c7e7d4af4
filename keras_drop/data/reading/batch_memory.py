"""Memory of batches, used over and over."""

import collections
import math
import weakref

import numpy as np

# TensorFlow, and JAX on a CPU, take arrays as they are that start at a multiple
# of this many bytes, and copy all others.
_ALIGNMENT = 64
# Some 400 MB of images at 256x128, 64 a batch.
_SPARE = collections.deque(maxlen=16)


def batch_array(shape, dtype="float32"):
    """An array for a batch, with whatever its memory was last used for in it.

    The arrays of a batch are tens of megabytes. Allocated afresh for every
    batch they come from the operating system page by page and go back to it,
    which takes longer than hiding the images behind something. So memory is
    kept when nobody has the array or a view of it any longer, and used again.

    Args:
        shape: Of the array.
        dtype: Of the array.

    Returns:
        Contiguous array that starts at a multiple of 64 bytes, so that
        backends on the CPU need no copy of it.

    Example:
    >>> from keras_drop.data.reading.batch_memory import batch_array
    >>> array = batch_array((2, 3))
    >>> array.shape, array.dtype, array.ctypes.data % 64
    ((2, 3), dtype('float32'), 0)
    """
    dtype = np.dtype(dtype)
    block = _block(math.prod(shape) * dtype.itemsize)
    lent = _Lent(block, shape, dtype)
    weakref.finalize(lent, _SPARE.append, block).atexit = False
    return np.asarray(lent)


class _Lent:
    """What an array and its views keep alive while they use a block."""

    def __init__(self, block, shape, dtype):
        self.__array_interface__ = {
            "version": 3,
            "shape": tuple(shape),
            "typestr": dtype.str,
            "data": (block.ctypes.data, False),
        }


def _block(size):
    # Each step is atomic, so no thread waits, nor finds a block twice.
    for _ in range(len(_SPARE)):
        try:
            block = _SPARE.popleft()
        except IndexError:
            break
        if block.size == size:
            return block
        _SPARE.append(block)
    raw = np.empty(size + _ALIGNMENT, "uint8")
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size]
