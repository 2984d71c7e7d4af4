"""What holds of the functions on every backend, on one device.

Several devices: tests/models/test_two_devices.py,
tests/layers/test_banks_on_two_replicas.py, tests/training/test_replicas.py,
which has several processes too.
"""

import keras
import numpy as np
import pytest
from keras import ops

from keras_drop import backend


def test_one_device_gathers_nothing():
    x = ops.reshape(ops.arange(6, dtype="float32"), (3, 2))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(backend.gather_replicas(x)),
        [[0, 1], [2, 3], [4, 5]],
    )
    assert backend.num_replicas() == 1
    assert backend.gather_processes([3.0, 4.0]).tolist() == [[3.0, 4.0]]
    assert (backend.process_index(), backend.num_processes()) == (0, 1)


def test_one_device_needs_no_scope():
    with backend.data_parallel(1):
        variable = keras.Variable([1.0, 2.0])
    np.testing.assert_array_equal(ops.convert_to_numpy(variable), [1, 2])


def test_too_many_devices_are_refused():
    with pytest.raises(ValueError, match="999 devices were asked for"):
        backend.data_parallel(999)


def test_random_state_is_set_back():
    state = backend.random_state()
    first = draw()
    assert not np.array_equal(draw(), first)
    backend.set_random_state(state)
    if keras.backend.backend() == "torch":
        np.testing.assert_array_equal(draw(), first)
    else:  # No random number of a layer comes from global state.
        assert state == []


def draw():
    if keras.backend.backend() == "torch":
        import torch

        return torch.rand(4).numpy()
    return np.random.default_rng().random(4)


def test_compilation_that_fit_is_told():
    expected = {"auto"}
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if not tf.config.list_physical_devices("GPU"):
            expected = {False}
    assert backend.default_jit_compile() in expected
