"""Trains with each bank on two logical CPU devices and checks what it holds.

A program of its own, for TensorFlow makes its devices once a process.
"""

import numpy as np
import tensorflow as tf

from keras_drop.layers import PartPrototypeBank, PartsEmbeddingMemoryBank
from tests.layers.bank_models import ModelWithBank
from tests.reference.banks import Centres, Queue

SHAPE = {"num_parts": 2, "dim": 3}
ROUNDS = 3


def trained_bank(strategy, make_bank, x, identities):
    with strategy.scope():
        model = ModelWithBank(make_bank(), 2, 3)
        model.epoch.assign(1)
        model.compile("sgd", jit_compile=False)
    model.fit(
        x,
        identities,
        batch_size=6,
        epochs=ROUNDS,
        shuffle=False,
        verbose=0,
    )
    # Every replica has to hold the same.
    for weight in model.bank.weights:
        first, second = (v.numpy() for v in weight.value.values)
        np.testing.assert_array_equal(first, second)
    return model.bank


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    # One for both: the collectives of two strategies share their keys.
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    rng = np.random.default_rng(0)
    x = rng.normal(size=(12, 2, 3)).astype("float32")
    identities = rng.integers(0, 4, 12).astype("int32")
    queue, centres = Queue(10, **SHAPE), Centres(0.7)
    for _ in range(ROUNDS):
        for rows in (slice(0, 6), slice(6, 12)):
            batch = x[rows], identities[rows], np.ones((6, 2))
            queue.push(*batch)
            centres.update(*batch)
    bank = trained_bank(
        strategy, lambda: PartsEmbeddingMemoryBank(10, **SHAPE), x, identities
    )
    for got, expected in zip(bank.read(), queue.content(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6)
    bank = trained_bank(
        strategy,
        lambda: PartPrototypeBank(4, **SHAPE, momentum=0.7),
        x,
        identities,
    )
    prototypes, _ = bank.read()
    for (person, part), centre in centres.of.items():
        np.testing.assert_allclose(
            prototypes[person, part], centre, rtol=1e-5, atol=1e-6
        )


if __name__ == "__main__":
    main()
