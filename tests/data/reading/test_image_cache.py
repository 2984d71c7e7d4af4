import numpy as np
import pytest

from keras_drop.data.reading.image_cache import ImageCache

pytestmark = pytest.mark.backend_neutral


def count_reads(megabytes, keys):
    reads = []

    def read(key):
        reads.append(key)
        return np.full((500, 1000), key, "uint8"), None

    cache = ImageCache(read, megabytes)
    for key in keys:
        assert cache[key][0][0, 0] == key
    return reads


def test_keeps_until_it_is_full():
    assert count_reads(1, [0, 1, 2] * 3) == [0, 1, 2, 2, 2]


def test_zero_keeps_nothing():
    assert count_reads(0, [0, 1] * 2) == [0, 1, 0, 1]
