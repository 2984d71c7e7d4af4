import keras
import numpy as np
import pytest

from keras_drop.training import replicas, synchronize_batch_normalization
from tests.testing import on_two_devices


@pytest.mark.slow
@pytest.mark.skipif(
    keras.backend.backend() == "torch",
    reason="`fit` of Keras on PyTorch trains on one device",
)
def test_two_devices_equal_one():
    result = on_two_devices("tests.training.two_devices:tiny_model")
    assert len(result["one"]) == 3
    np.testing.assert_allclose(result["two"], result["one"], rtol=1e-5)
    assert result["weight_difference"] < 1e-4
    on_tensorflow = keras.backend.backend() == "tensorflow"
    assert result["synchronized"] == int(on_tensorflow)


def test_one_device_needs_nothing():
    with replicas(1):
        model = keras.Sequential([keras.layers.BatchNormalization()])
        assert synchronize_batch_normalization(model) == 0
    assert not model.layers[0].synchronized


@pytest.mark.parametrize(
    "num_devices, message",
    [(0, "`num_devices` is 0"), (99, "99 devices were asked for")],
)
def test_refuses_devices_that_are_not_there(num_devices, message):
    with pytest.raises(ValueError, match=message):
        replicas(num_devices)
