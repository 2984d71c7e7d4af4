import keras
import numpy as np
import pytest

from keras_drop.training import (
    AveragedEvaluation,
    CoupledAdam,
    CoupledSGD,
    RunCheckpoint,
    ThawStages,
    averaged_weights,
)

IMAGES = np.random.default_rng(1).normal(2.0, 3.0, (8, 3)).astype("float32")
SUMS = IMAGES.sum(axis=1, keepdims=True)
MOMENTUM = 0.75


def build(optimizer=CoupledAdam, **arguments):
    keras.utils.set_random_seed(1)
    backbone = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(2, name="first")],
        name="backbone",
    )
    outputs = keras.layers.Dense(1, name="head")(backbone.outputs[0])
    model = keras.Model(backbone.inputs, outputs)
    model.backbone = backbone
    arguments = {"use_ema": True, "ema_momentum": MOMENTUM, **arguments}
    model.compile(optimizer(0.05, **arguments), "mse")
    return model


def fit(model, *callbacks, epochs=3, first=0, batch_size=8):
    model.fit(
        IMAGES,
        SUMS,
        batch_size=batch_size,
        epochs=epochs,
        initial_epoch=first,
        callbacks=list(callbacks),
        shuffle=False,
        verbose=0,
    )


class Weights(keras.callbacks.Callback):
    """The weights after each epoch, which has one batch."""

    def __init__(self):
        super().__init__()
        self.epochs = []

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(self.model.get_weights())


def slow_averages(epochs):
    averages = epochs[0]
    for weights in epochs[1:]:
        averages = [
            MOMENTUM * average + (1 - MOMENTUM) * weight
            for average, weight in zip(averages, weights, strict=True)
        ]
    return averages


def assert_weights(actual, expected):
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("optimizer", [CoupledAdam, CoupledSGD])
def test_averages_are_seen_and_training_goes_on_without_them(optimizer):
    model, trained, seen = build(optimizer), Weights(), Weights()
    fit(model, trained, AveragedEvaluation([seen]))
    for done in (1, 2, 3):
        assert_weights(
            seen.epochs[done - 1], slow_averages(trained.epochs[:done])
        )
    assert_weights(model.get_weights(), trained.epochs[-1])
    distance = np.abs(seen.epochs[-1][0] - trained.epochs[-1][0]).max()
    assert distance > 1e-3

    plain = build(optimizer, use_ema=False)
    fit(plain)
    assert_weights(model.get_weights(), plain.get_weights())
    with averaged_weights(plain):
        assert_weights(plain.get_weights(), model.get_weights())


@pytest.mark.slow
@pytest.mark.parametrize("steps", [None, 3], ids=["", "accumulating"])
def test_a_run_goes_on_with_its_averages(tmp_path, steps):
    """Accumulating, two of four gradients wait when it stops."""
    arguments = {"gradient_accumulation_steps": steps}
    straight = build(**arguments)
    fit(straight, epochs=4)
    checkpoint = RunCheckpoint(tmp_path)
    fit(build(**arguments), checkpoint, epochs=2)
    resumed = build(**arguments)
    fit(resumed, epochs=4, first=checkpoint.restore(resumed))
    with averaged_weights(straight), averaged_weights(resumed):
        assert_weights(resumed.get_weights(), straight.get_weights())
    assert not np.array_equal(
        straight.get_weights()[0], build().get_weights()[0]
    )


@pytest.mark.slow
def test_averages_of_thawed_weights_begin_with_them():
    model, trained = build(), Weights()
    model.backbone.layers[0].trainable = False
    model.compile(model.optimizer)
    fit(model, ThawStages(2), trained, epochs=4)
    with averaged_weights(model):
        kernel, *_, head, _ = model.get_weights()
    # It stood still for two epochs.
    np.testing.assert_allclose(
        kernel, slow_averages(trained.epochs[1:])[0], atol=1e-6
    )
    np.testing.assert_allclose(
        head, slow_averages(trained.epochs)[2], atol=1e-6
    )
