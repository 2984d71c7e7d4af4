import keras
import numpy as np
import pytest

from keras_drop.training import CoupledAdam, RunCheckpoint


class Batches(keras.utils.PyDataset):
    """What a batch holds depends on the epoch and its index alone."""

    def __init__(self):
        super().__init__()
        self.epoch, self.shown = 0, 0

    def __len__(self):
        return 2

    def __getitem__(self, index):
        self.shown += index == 1
        rng = np.random.default_rng((7, self.epoch, index))
        images = rng.normal(size=(4, 3)).astype("float32")
        return images, images.sum(axis=1, keepdims=True)

    def on_epoch_end(self):
        if self.shown:
            self.epoch, self.shown = self.epoch + 1, 0


class Interruption(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


def build(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(5),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )
    model.compile(CoupledAdam(0.02), "mse")
    return model


def fit(model, batches, checkpoint, *callbacks, epochs=4):
    return model.fit(
        batches,
        epochs=epochs,
        initial_epoch=checkpoint.restore(model),
        callbacks=[*callbacks, checkpoint],
        shuffle=False,
        verbose=0,
    )


def test_a_resumed_run_equals_one_that_was_not_interrupted(tmp_path):
    straight, batches = build(seed=1), Batches()
    fit(straight, batches, RunCheckpoint(tmp_path / "straight", batches))

    batches = Batches()
    checkpoint = RunCheckpoint(tmp_path / "run", batches)
    with pytest.raises(KeyboardInterrupt):
        fit(build(seed=1), batches, checkpoint, Interruption())
    # Nothing may come from the start of the new process but what is saved.
    resumed, batches = build(seed=2), Batches()
    checkpoint = RunCheckpoint(tmp_path / "run", batches)
    history = fit(resumed, batches, checkpoint)
    assert history.epoch == [2, 3]
    assert int(resumed.optimizer.iterations) == 8
    for expected, actual in zip(
        straight.get_weights(), resumed.get_weights(), strict=True
    ):
        np.testing.assert_allclose(actual, expected, atol=1e-6)

    assert fit(resumed, batches, checkpoint).epoch == [], "the run is over"


def test_only_complete_checkpoints_count(tmp_path, monkeypatch):
    model, batches = build(seed=1), Batches()
    checkpoint = RunCheckpoint(tmp_path, batches)
    fit(model, batches, checkpoint, epochs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-000002"]
    weights = model.get_weights()

    def interrupted(path):
        path.write_bytes(b"half a fi")
        raise KeyboardInterrupt

    monkeypatch.setattr(model, "save_weights", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit(model, batches, checkpoint, epochs=3)
    fresh = build(seed=3)
    assert checkpoint.restore(fresh) == 2
    for expected, actual in zip(weights, fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(actual, expected)
    fit(fresh, batches, checkpoint, epochs=3)
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-000003"]


def test_refuses_a_model_without_optimizer(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"Call `model.compile`"):
        RunCheckpoint(tmp_path).restore(model)
