import concurrent.futures
import threading

import numpy as np
import pytest

from keras_drop.data.reading.scratch import scratch

pytestmark = pytest.mark.backend_neutral


def test_memory_is_used_again_and_grows():
    small = scratch("grows", (2, 3), "float32")
    large = scratch("grows", (5, 4), "float32")
    again = scratch("grows", (3, 3, 1), "float32")
    assert (large.shape, large.dtype) == ((5, 4), "float32")
    assert large.flags.c_contiguous and again.flags.c_contiguous
    assert not np.shares_memory(small, large)
    assert np.shares_memory(large, again)
    assert not np.shares_memory(again, scratch("other", (3, 3), "float32"))


def test_large_memory_is_not_kept():
    small = scratch("large", (3, 4), "uint8")
    large = scratch("large", (2**11, 2**11 + 1), "uint8")
    assert not np.shares_memory(large, scratch("large", large.shape, "uint8"))
    assert np.shares_memory(small, scratch("large", (3, 4), "uint8"))


def test_every_thread_has_its_own():
    together = threading.Barrier(3)

    def address(_):
        array = scratch("threads", (8,), "uint8")
        together.wait(timeout=30)
        return array.ctypes.data

    with concurrent.futures.ThreadPoolExecutor(3) as threads:
        assert len(set(threads.map(address, range(3)))) == 3
