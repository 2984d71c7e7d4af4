import sys
import types

import keras
import numpy as np
import pytest

from keras_drop.models import GlobalBaseline
from keras_drop.training import orbit_trainer
from tests.models.small import batch, model_of, randomise

on_tensorflow = keras.backend.backend() == "tensorflow"


class Batches(keras.utils.PyDataset):
    """Two batches, other ones in each epoch."""

    epoch = 0

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return batch(2, seed=10 * self.epoch + index)


@pytest.mark.skipif(on_tensorflow, reason="Orbit drives it")
def test_other_backends_refuse():
    with pytest.raises(ValueError, match="Orbit drives TensorFlow"):
        orbit_trainer(None, None)


@pytest.mark.skipif(not on_tensorflow, reason="Orbit drives TensorFlow")
def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "orbit", None)
    with pytest.raises(ImportError, match=r"keras_drop\[orbit\]"):
        orbit_trainer(None, None)


@pytest.mark.slow
@pytest.mark.skipif(not on_tensorflow, reason="Orbit drives TensorFlow")
def test_its_steps_are_those_of_fit(monkeypatch):
    import tensorflow as tf

    # All that is used of Orbit, which needs an older TensorFlow than ours.
    stand_in = types.SimpleNamespace(AbstractTrainer=tf.Module)
    monkeypatch.setitem(sys.modules, "orbit", stand_in)
    driven, fitted = (randomise(model_of(GlobalBaseline)) for _ in range(2))
    for model in (driven, fitted):
        model.compile(keras.optimizers.SGD(0.01), run_eagerly=True)
    for epoch in (0, 1):
        fitted.fit(Batches(), epochs=epoch + 1, initial_epoch=epoch, verbose=0)
    trainer = orbit_trainer(driven, Batches())
    trainer.train(tf.constant(3))
    logs = trainer.train(tf.constant(1))
    assert set(logs) == {"loss", "global_identity", "global_triplet"}
    assert int(driven.epoch.numpy()) == 1
    for a, b in zip(driven.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)
