import keras
import numpy as np
import pytest

from keras_drop.training import CoupledSGD
from tests.testing import assert_round_trip


def slow_sgd(weight, gradients, rates, l2, momentum, factor):
    velocity = np.zeros_like(weight)
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity + gradient + l2 * weight
        weight = weight - rate * factor * velocity
    return weight


@pytest.mark.parametrize("momentum", [0.0, 0.75])
def test_matches_reference_over_a_fall_of_the_rate(momentum):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=4), rng.normal(size=(6, 4))
    rates = [0.25] * 3 + [0.025] * 3
    weights = {
        name: keras.Variable(start.astype("float32"), name=name)
        for name in ("kernel", "kernel_bias", "bias")
    }
    optimizer = CoupledSGD(
        0.25, 0.5, momentum, {"^bias": 2.0, "bias": 3.0, "^kernel$": 0.5}
    )
    for gradient, rate in zip(gradients, rates):
        optimizer.learning_rate = rate
        gradient = keras.ops.array(gradient, "float32")
        optimizer.apply([gradient] * 3, list(weights.values()))
    for name, factor in {"kernel": 0.5, "kernel_bias": 3, "bias": 2}.items():
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(weights[name]),
            slow_sgd(start, gradients, rates, 0.5, momentum, factor),
            rtol=1e-4,
            atol=1e-5,
            err_msg=name,
        )


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fit_moves_every_weight_at_its_own_rate(jit_compile):
    """Also biases, scales and offsets decay, and never what is frozen."""
    if jit_compile and keras.backend.backend() == "torch":
        pytest.skip("PyTorch has no XLA")
    inputs = keras.Input((3,))
    frozen = keras.layers.Dense(3, trainable=False, name="frozen")
    hidden = keras.layers.Dense(2, bias_initializer="ones", name="hidden")
    norm = keras.layers.BatchNormalization(beta_initializer="ones", name="norm")
    model = keras.Model(inputs, norm(hidden(frozen(inputs))))
    model.compile(
        CoupledSGD(0.5, 0.5, multipliers={"norm": 0.5, "bias": 0.25}),
        loss=lambda y_true, y_pred: 0.0 * keras.ops.sum(y_pred, axis=-1),
        jit_compile=jit_compile,
    )
    before = {w.path: keras.ops.convert_to_numpy(w) for w in model.weights}
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    after = {w.path: keras.ops.convert_to_numpy(w) for w in model.weights}
    shares = {
        "hidden/kernel": 0.75,
        "hidden/bias": 0.9375,
        "norm/gamma": 0.875,
        "norm/beta": 0.875,
        "frozen/kernel": 1.0,
    }
    for path, share in shares.items():
        assert before[path].any()
        np.testing.assert_allclose(
            after[path], share * before[path], rtol=1e-5, err_msg=path
        )


def test_refuses_a_multiplier_that_no_weight_has():
    weight = keras.Variable([1.0], name="kernel")
    optimizer = CoupledSGD(multipliers={"kernel": 2.0, "neck": 2.0})
    with pytest.raises(ValueError, match=r"No weight has 'neck' .*kernel"):
        optimizer.build([weight])


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"l2": -1}, "`l2` is -1"),
        ({"momentum": 1.0}, r"`momentum` is 1.0"),
        ({"momentum": -0.5}, r"`momentum` is -0.5"),
        ({"multipliers": {"neck": -2}}, "multiplier of 'neck' is -2"),
    ],
)
def test_refuses_arguments_that_make_no_sense(wrong, message):
    with pytest.raises(ValueError, match=message):
        CoupledSGD(**wrong)


def test_round_trip():
    assert_round_trip(
        CoupledSGD,
        learning_rate=0.25,
        l2=0.125,
        momentum=0.5,
        multipliers={"neck": 2.0, "bias$": 0.5},
        name="sgd",
    )
