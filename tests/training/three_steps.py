"""Three steps of a model, on as many devices as there are.

It loads little: a process of its own starts fast.
"""

import dataclasses

import keras
import numpy as np

from keras_drop import backend
from keras_drop.layers import PartsEmbeddingMemoryBank
from keras_drop.losses import PartAwareCompactness, part_averaged_triplet


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


@dataclasses.dataclass
class Trained:
    losses: list
    trained: list
    weights: list
    synchronized: int


class Batches(keras.utils.PyDataset):
    """Batches of eight, or the part of a process of them."""

    def __init__(self, x, y, index, count):
        super().__init__()
        self.x, self.y, self.index, self.count = x, y, index, count

    def __len__(self):
        return len(self.x) // 8

    def __getitem__(self, index):
        size = 8 // self.count
        start = 8 * index + size * self.index
        return keras.tree.map_structure(
            lambda values: values[start : start + size], (self.x, self.y)
        )


def trained(factory, index=0, count=1, optimizer=keras.optimizers.Adam):
    """What comes of three steps on all devices.

    Args:
        factory: Gives a model that is not compiled, and `x` and `y` of three
            batches of eight.
        index: Number of this process.
        count: How many there are.
        optimizer: Class of it.
    """
    keras.utils.set_random_seed(0)
    losses = []
    model, x, y = factory()
    model(x[:1])
    synchronized = backend.synchronize(
        [
            layer
            for layer in model._flatten_layers()
            if isinstance(layer, keras.layers.BatchNormalization)
        ]
    )
    # A large epsilon, as rounding decides the sign of tiny gradients.
    model.compile(optimizer(0.01, epsilon=0.01))
    record = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(
            float(logs["loss"])
        )
    )
    fit = backend.fit if count > 1 else keras.Model.fit
    fit(
        model,
        Batches(x, y, index, count),
        shuffle=False,
        callbacks=[record],
        verbose=0,
    )
    return Trained(
        losses,
        [keras.ops.convert_to_numpy(w) for w in model.trainable_weights],
        [keras.ops.convert_to_numpy(w) for w in model.weights],
        synchronized,
    )


def compared(one, two):
    return {
        "one": one.losses,
        "two": two.losses,
        "trained_difference": largest(one.trained, two.trained),
        "weight_difference": largest(one.weights, two.weights),
        "synchronized": two.synchronized,
    }


def largest(one, two):
    return float(
        max(
            np.abs(a.astype("float64") - b).max()
            for a, b in zip(one, two, strict=True)
        )
    )
