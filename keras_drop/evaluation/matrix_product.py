"""The one matrix product that evaluation spends its time in."""

import keras
import numpy as np
from keras import ops

# Graphics cards may round float32 products to ten bits, and what is ranked
# would have to come back all the same.
_DEVICE = "cpu:0"


def to_backend(array):
    """A NumPy array as `matrix_product` takes it, to be used many times."""
    with keras.device(_DEVICE):
        return ops.convert_to_tensor(array)


def matrix_product(x, y):
    """`(n, m)` float32 product of `(n, d)` and `(d, m)`, on all cores.

    The backend computes it: TensorFlow's product is twice as fast as NumPy's.

    Returns:
        NumPy array, not to be written to.
    """
    with keras.device(_DEVICE):
        # Without a copy, unlike `ops.convert_to_numpy`.
        return np.asarray(ops.matmul(x, y))
