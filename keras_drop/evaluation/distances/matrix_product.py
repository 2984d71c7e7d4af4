"""The one matrix product that evaluation spends its time in."""

import numpy as np


def to_backend(array):
    """A NumPy array as `matrix_product` takes it, to be used many times."""
    import keras  # Here, since a backend takes seconds to load.

    from keras_drop.backend import on_cpu

    with on_cpu():
        return keras.ops.convert_to_tensor(array)


def matrix_product(x, y):
    """`(n, m)` float32 product of `(n, d)` and `(d, m)`, on all cores.

    The backend computes it: TensorFlow's product is twice as fast as NumPy's.

    Returns:
        NumPy array, not to be written to.
    """
    import keras

    from keras_drop.backend import on_cpu

    # Graphics cards may round float32 products to ten bits, and what is ranked
    # would have to come back all the same.
    with on_cpu():
        # Without a copy, unlike `ops.convert_to_numpy`.
        return np.asarray(keras.ops.matmul(x, y))
