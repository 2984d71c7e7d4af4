import keras
import numpy as np
import pytest

from keras_drop.training import (
    Processes,
    replicas,
    synchronize_batch_normalization,
)
from tests.testing import in_two_processes, on_two_devices


@pytest.mark.nightly
@pytest.mark.skipif(
    keras.backend.backend() == "torch",
    reason="a device a process on PyTorch",
)
def test_two_devices_equal_one():
    result = on_two_devices("tests.training.three_steps:tiny_model")
    assert len(result["one"]) == 3
    np.testing.assert_allclose(result["two"], result["one"], rtol=1e-5)
    assert result["weight_difference"] < 1e-4
    on_tensorflow = keras.backend.backend() == "tensorflow"
    assert result["synchronized"] == int(on_tensorflow)


@pytest.mark.slow
def test_two_processes_equal_one_device():
    """Mined in the batch and in a bank, normalised by both."""
    result = in_two_processes("tests.training.three_steps:tiny_model")
    assert len(set(result["one"])) == 3
    np.testing.assert_allclose(result["two"], result["one"], rtol=1e-5)
    assert result["weight_difference"] < 1e-4
    assert result["synchronized"] == (keras.backend.backend() != "jax")


def test_one_device_needs_nothing():
    with replicas(1) as processes:
        assert processes == Processes(index=0, count=1)
        assert processes.is_first
        model = keras.Sequential([keras.layers.BatchNormalization()])
        assert synchronize_batch_normalization(model) == 0
    assert not model.layers[0].synchronized


@pytest.mark.parametrize(
    "num_devices, message",
    [(0, "`num_devices` is 0"), (99, "99 devices were asked for")],
)
def test_refuses_devices_that_are_not_there(num_devices, message):
    with pytest.raises(ValueError, match=message), replicas(num_devices):
        pass
