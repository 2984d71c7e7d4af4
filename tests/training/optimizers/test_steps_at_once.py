"""What a backend does to all weights at once is what Keras does one by one."""

import keras
import numpy as np
import pytest

from keras_drop.backend import adam_steps, sgd_steps
from keras_drop.training import CoupledAdam, CoupledSGD
from keras_drop.training.optimizers import coupled_adam, coupled_sgd

BACKEND = keras.backend.backend()
SHAPES = {"one": (9, 7), "two": (4,), "three": ()}
OPTIMIZERS = {
    "keras": lambda **rest: CoupledAdam(0.02, 0.05, 0.8, 0.95, **rest),
    "torch": lambda **rest: CoupledAdam(
        0.02, 0.05, 0.8, 0.95, adam_epsilon="torch", **rest
    ),
    "sgd": lambda **rest: CoupledSGD(0.3, 0.05, 0.75, {"three": 2.5}, **rest),
}


def trained(optimizer):
    """Weights and moments after four steps, each weight at its own rate."""
    rng = np.random.default_rng(5)
    weights = [
        keras.Variable(rng.normal(size=shape), dtype="float32", name=name)
        for name, shape in SHAPES.items()
    ]
    for _ in range(4):
        gradients = [
            rng.normal(size=shape) * 10.0 ** rng.uniform(-9, 0, shape)
            for shape in SHAPES.values()
        ]
        optimizer.apply(
            [keras.ops.array(x, "float32") for x in gradients], weights
        )
    kept = optimizer.variables[2:]  # After the steps and the rate.
    return [keras.ops.convert_to_numpy(x) for x in (*weights, *kept)]


@pytest.mark.skipif(BACKEND == "jax", reason="there XLA does it")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weights_and_moments_are_the_same(name, monkeypatch):
    place = (
        (coupled_sgd, "sgd_steps")
        if name == "sgd"
        else (coupled_adam, "adam_steps")
    )
    steps, answers = getattr(*place), []

    def watched(*arguments, **rest):
        answers.append(steps(*arguments, **rest))
        return answers[-1]

    monkeypatch.setattr(*place, watched)
    at_once = trained(OPTIMIZERS[name](layer_factors={"two": 0.25}))
    assert answers == [BACKEND == "torch" or name != "torch"] * 4
    monkeypatch.setattr(*place, lambda *_, **rest: False)
    one_by_one = trained(OPTIMIZERS[name](layer_factors={"two": 0.25}))
    assert len(at_once) == (6 if name == "sgd" else 9)
    for found, expected in zip(at_once, one_by_one, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_of_several_batches(name):
    """Three batches, one step by their mean: the others move nothing."""
    found, expected = (
        OPTIMIZERS[name](gradient_accumulation_steps=steps)
        for steps in (3, None)
    )
    weights = [keras.Variable([2.0, -1.0], name="three") for _ in range(2)]
    batches = np.array([[3.0, 0.5], [-1.0, 2.5], [1.0, 3.0]], "float32")
    for batch in batches:
        before = keras.ops.convert_to_numpy(weights[0])
        found.apply([keras.ops.array(batch)], weights[:1])
    assert np.array_equal(before, [2.0, -1.0])
    expected.apply([keras.ops.array(batches.mean(axis=0))], weights[1:])
    np.testing.assert_allclose(
        *(keras.ops.convert_to_numpy(w) for w in weights), rtol=1e-6
    )


@pytest.mark.skipif(BACKEND != "tensorflow", reason="of its strategies")
def test_copies_of_a_weight_are_not_moved_at_once():
    import tensorflow as tf

    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        assert not adam_steps(*[None] * 6, epsilon_last=False)
        assert not sgd_steps(*[None] * 6)
