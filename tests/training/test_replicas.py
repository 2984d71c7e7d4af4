import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_drop.training import replicas, synchronize_batch_normalization


def two_devices(target):
    """What `tests.training.two_devices` found out, in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.training.two_devices", target],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.skipif(
    keras.backend.backend() == "torch",
    reason="`fit` of Keras on PyTorch trains on one device",
)
def test_two_devices_equal_one():
    result = two_devices("tests.training.two_devices:tiny_model")
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
