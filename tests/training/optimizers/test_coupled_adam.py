import keras
import numpy as np
import pytest

from keras_drop.training import CoupledAdam
from tests.testing import assert_round_trip


def slow_adam(weight, gradients, rate, l2, beta_1, beta_2, epsilon):
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for step, gradient in enumerate(gradients, start=1):
        gradient = gradient + l2 * weight
        first = beta_1 * first + (1 - beta_1) * gradient
        second = beta_2 * second + (1 - beta_2) * gradient**2
        corrected = first / (1 - beta_1**step)
        scale = np.sqrt(second / (1 - beta_2**step)) + epsilon
        weight = weight - rate * corrected / scale
    return weight


def test_one_step_without_a_gradient():
    """The first step is as large as the learning rate, epsilon aside."""
    start = np.array([3.0, -0.2, 0.7], "float32")
    weight = keras.Variable(start)
    CoupledAdam(0.01).apply([keras.ops.zeros(3)], [weight])
    change = keras.ops.convert_to_numpy(weight) - start
    np.testing.assert_allclose(change, -0.01 * np.sign(start), rtol=5e-3)


def test_matches_reference():
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=4), 1e-3 * rng.normal(size=(5, 4))
    weight = keras.Variable(start.astype("float32"))
    optimizer = CoupledAdam(0.02, l2=0.05, beta_1=0.8, beta_2=0.9)
    for gradient in gradients:
        optimizer.apply([keras.ops.array(gradient, "float32")], [weight])
    expected = slow_adam(start, gradients, 0.02, 0.05, 0.8, 0.9, 1e-8)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(weight), expected, rtol=1e-4, atol=1e-5
    )


def steps_of(adam_epsilon, weight, gradients):
    """What BPBReID's optimizer makes of a weight."""
    optimizer = CoupledAdam(3.5e-4, adam_epsilon=adam_epsilon)
    for gradient in gradients:
        optimizer.apply([keras.ops.array(gradient, weight.dtype)], [weight])
    return keras.ops.convert_to_numpy(weight)


@pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="JAX has no float64"
)
def test_epsilon_of_torch_gives_published_trajectories():
    """Gradients as small as epsilon: five steps in float64, to 1e-9."""
    rng = np.random.default_rng(3)
    start = rng.normal(0, 0.1, 50)
    gradients = rng.normal(0, 1, (5, 50)) * 10.0 ** rng.uniform(-9, 0, 50)
    expected = slow_adam(start, gradients, 3.5e-4, 5e-4, 0.9, 0.999, 1e-8)
    found = steps_of("torch", keras.Variable(start, dtype="float64"), gradients)
    assert np.abs(found - expected).max() < 1e-9


def test_epsilon_of_keras_counts_32_times_at_first():
    """A gradient of 1e-8 moves by half the rate, or by a 33rd of it."""
    gradient = np.full((1, 1), 1e-8)
    moved = {
        name: float(
            steps_of(name, keras.Variable(np.zeros(1, "float32")), gradient)[0]
        )
        for name in ("keras", "torch")
    }
    assert moved["torch"] == pytest.approx(-3.5e-4 / 2, rel=1e-3)
    assert moved["keras"] == pytest.approx(-3.5e-4 / 32.62, rel=1e-3)


def test_refuses_another_epsilon():
    with pytest.raises(ValueError, match="torch"):
        CoupledAdam(adam_epsilon="pytorch")
    with pytest.raises(ValueError, match="amsgrad"):
        CoupledAdam(adam_epsilon="torch", amsgrad=True)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fit_decays_every_trainable_weight(jit_compile):
    """Also biases, scales and offsets, and never what is frozen."""
    if jit_compile and keras.backend.backend() == "torch":
        pytest.skip("PyTorch has no XLA")
    inputs = keras.Input((3,))
    frozen = keras.layers.Dense(3, trainable=False, name="frozen")
    hidden = keras.layers.Dense(2, bias_initializer="ones", name="dense")
    norm = keras.layers.BatchNormalization(beta_initializer="ones")
    outputs = norm(hidden(frozen(inputs)))
    model = keras.Model(inputs, keras.ops.stop_gradient(outputs) * 0 + outputs)
    model.compile(
        CoupledAdam(0.01),
        loss=lambda y_true, y_pred: 0.0 * keras.ops.sum(y_pred, axis=-1),
        jit_compile=jit_compile,
    )
    before = [keras.ops.convert_to_numpy(w) for w in model.trainable_weights]
    kept = keras.ops.convert_to_numpy(frozen.kernel)
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    assert len(before) == 4
    for start, weight in zip(before, model.trainable_weights):
        change = keras.ops.convert_to_numpy(weight) - start
        # Of a weight near 0 the step is smaller: there epsilon counts.
        large = np.abs(start) > 0.1
        np.testing.assert_allclose(
            change[large], -0.01 * np.sign(start[large]), rtol=1e-2
        )
        assert large.any()
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(frozen.kernel), kept
    )


def test_default_epsilon():
    assert CoupledAdam().epsilon == 1e-8


def test_refuses_a_negative_decay():
    with pytest.raises(ValueError, match="`l2` is -1"):
        CoupledAdam(l2=-1)


def test_round_trip():
    assert_round_trip(
        CoupledAdam,
        learning_rate=0.25,
        l2=0.125,
        beta_1=0.5,
        beta_2=0.75,
        epsilon=0.5,
        adam_epsilon="torch",
        name="adam",
    )
