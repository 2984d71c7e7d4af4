"""Trains a model on one and on two CPU devices and compares.

`python -m tests.training.two_devices package.module:factory`, where `factory`
gives a model that is not compiled, and `x` and `y` of three batches of eight.
"""

import importlib
import json
import os
import sys

os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "")
    + " --xla_force_host_platform_device_count=2"
)
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import numpy as np

from keras_drop.layers import PartsEmbeddingMemoryBank
from keras_drop.losses import PartAwareCompactness, part_averaged_triplet
from keras_drop.training import (
    CoupledAdam,
    replicas,
    synchronize_batch_normalization,
)


@keras.saving.register_keras_serializable("tests")
class TinyModel(keras.Model):
    """Two parts of four numbers, mined in the batch and in a bank."""

    def __init__(self):
        super().__init__()
        self.norm = keras.layers.BatchNormalization()
        self.dense = keras.layers.Dense(8)
        self.parts = keras.layers.Reshape((2, 4))
        self.bank = PartsEmbeddingMemoryBank(12, num_parts=2, dim=4)
        self.compactness = PartAwareCompactness(margin=0.5)
        self.triplet_mean = keras.losses.MeanAbsoluteError()

    def call(self, x, training=False):
        return self.parts(self.dense(self.norm(x, training=training)))

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        bank = self.bank.read()
        loss = self.compactness(y, {"embeddings": y_pred, "bank": bank})
        triplets = part_averaged_triplet(y, y_pred, margin=0.0)
        # A Keras loss, because these divide by the number of replicas.
        loss += self.triplet_mean(0.0 * triplets[:, None], triplets[:, None])
        self.bank.enqueue(y_pred, y, keras.ops.ones_like(y_pred[..., 0]))
        return loss


def tiny_model():
    rng = np.random.default_rng(0)
    # Every positive of a batch is on the other device.
    identities = np.tile(np.arange(4), 6)
    return TinyModel(), rng.normal(size=(24, 6)).astype("float32"), identities


def train(factory, num_devices):
    keras.utils.set_random_seed(0)
    losses = []
    with replicas(num_devices):
        model, x, y = factory()
        model(x[:1])
        synchronized = synchronize_batch_normalization(model)
        # A large epsilon, as rounding decides the sign of tiny gradients.
        model.compile(CoupledAdam(0.01, l2=0.01, epsilon=0.01))
        record = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: losses.append(
                float(logs["loss"])
            )
        )
        model.fit(
            x, y, batch_size=8, shuffle=False, callbacks=[record], verbose=0
        )
    trained = [keras.ops.convert_to_numpy(w) for w in model.trainable_weights]
    return losses, trained, model.get_weights(), synchronized


def main(target):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        cpu = tf.config.list_physical_devices("CPU")[0]
        device = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(cpu, [device, device])
    module, name = target.split(":")
    factory = getattr(importlib.import_module(module), name)
    one, one_trained, one_weights, _ = train(factory, 1)
    two, two_trained, two_weights, synchronized = train(factory, 2)
    print(
        json.dumps(
            {
                "one": one,
                "two": two,
                "trained_difference": largest(one_trained, two_trained),
                "weight_difference": largest(one_weights, two_weights),
                "synchronized": synchronized,
            }
        )
    )


def largest(one, two):
    return float(
        max(
            np.abs(a.astype("float64") - b).max()
            for a, b in zip(one, two, strict=True)
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
