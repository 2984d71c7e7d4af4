import types

import keras
import numpy as np
import pytest

from keras_drop import backend
from keras_drop.training import (
    CoupledAdam,
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


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="others average first"
)
@pytest.mark.parametrize(
    "switch",
    [{"global_clipnorm": 5.0}, {"gradient_accumulation_steps": 2}],
    ids=lambda switch: next(iter(switch)),
)
@pytest.mark.parametrize("wrapped", [False, True], ids=["", "wrapped"])
def test_steps_of_each_device_are_refused(switch, wrapped):
    """Keras clips and gathers before it sums over the devices."""
    optimizer = CoupledAdam(0.1, **switch)
    if wrapped:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    strategy = types.SimpleNamespace(num_replicas_in_sync=2)
    model = types.SimpleNamespace(
        distribute_strategy=strategy, optimizer=optimizer
    )
    with pytest.raises(ValueError, match=f"`{next(iter(switch))}`"):
        backend.fit(model)


@pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="there alone by hooks"
)
def test_gradients_of_thawed_weights_are_averaged_at_once():
    """What a callback thaws as an epoch begins learns in its first step."""
    from keras_drop.backend.torch_processes import _Shared

    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dense(1)]
    )
    model.layers[0].trainable = False
    shared = _Shared()
    shared.set_model(model)
    shared.on_train_begin()
    assert len(shared._hooks) == 2
    shared.on_epoch_begin(0)
    model.layers[0].trainable = True
    shared.on_train_batch_begin(0)
    assert len(shared._hooks) == 4
    shared.release()


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
