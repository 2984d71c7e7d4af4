import keras
import numpy as np
import pytest

from keras_drop.models import vit_small
from keras_drop.training import CoupledAdam, CoupledSGD, layer_factors
from tests.models.small import resnet
from tests.training.optimizers.test_coupled_adam import slow_adam
from tests.training.optimizers.test_coupled_sgd import slow_sgd

FACTORS = {"early": 0.25, "late": 0.5, "rests": 0.1}


def weights(start):
    return [
        keras.Variable(start.astype("float32"), name=name)
        for name in ("early", "late", "head")
    ]


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_layers_have_learning_rates_of_their_own(optimizer):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=4), rng.normal(size=(5, 4))
    moved = weights(start)
    if optimizer == "adam":
        one = CoupledAdam(0.02, 0.05, layer_factors=FACTORS)
    else:
        one = CoupledSGD(
            0.02, 0.05, 0.8, multipliers={"e": 2.0}, layer_factors=FACTORS
        )
    for gradient in gradients:
        one.apply([keras.ops.array(gradient, "float32")] * 3, moved)
    for weight, factor in zip(moved, (0.25, 0.5, 1.0)):
        if optimizer == "adam":
            expected = slow_adam(
                start, gradients, factor * 0.02, 0.05, 0.9, 0.999, 1e-8
            )
        else:
            factor *= 2  # The multiplier of all three.
            expected = slow_sgd(start, gradients, [0.02] * 5, 0.05, 0.8, factor)
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(weight), expected, rtol=1e-4, atol=1e-5
        )


def slow_accumulation(gradients, count, longest):
    """The gradients of the steps, of `(steps, weights)` of the batches."""
    means = gradients.reshape(-1, count, gradients.shape[1]).mean(axis=1)
    lengths = np.sqrt((means**2).sum(axis=1, keepdims=True))
    return means * np.minimum(1, longest / lengths)


def test_a_step_of_several_batches_by_a_clipped_mean():
    """Clipped is the mean; the decay comes after it."""
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=4), rng.normal(size=(6, 4))
    weight = keras.Variable(start.astype("float32"))
    optimizer = CoupledAdam(
        0.02, l2=0.05, gradient_accumulation_steps=3, global_clipnorm=0.8
    )
    for gradient in gradients:
        optimizer.apply([keras.ops.array(gradient, "float32")], [weight])
    steps = slow_accumulation(gradients, 3, 0.8)
    first, second = np.linalg.norm(steps, axis=1)
    assert first == pytest.approx(0.8) and second < 0.7, "one is clipped"
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(weight),
        slow_adam(start, steps, 0.02, 0.05, 0.9, 0.999, 1e-8),
        rtol=1e-4,
        atol=1e-5,
    )
    assert int(optimizer.iterations) == 2


@pytest.mark.backend_neutral
def test_the_decay_of_stages_and_of_blocks():
    factors = layer_factors(resnet((32, 16)), 0.5)
    for name, power in (
        ("conv1_conv", 4),
        ("stack0_block0_1_conv", 4),
        ("stack1_block0_2_bn", 3),
        ("stack3_block0_0_conv", 1),
    ):
        assert factors[name] == 0.5**power
    factors = layer_factors(vit_small((32, 16), patch_size=8), 0.5)
    assert factors["patch_embed-proj"] == factors["blocks-0-norm1"] == 0.0625
    assert factors["blocks-3-mlp-fc1"] == factors["norm"] == 0.5
    told = layer_factors(vit_small((32, 16), num_cameras=3), 0.5)
    assert "camera_embedding" not in told, "learns at the full rate"


@pytest.mark.backend_neutral
def test_refuses_a_decay_that_grows():
    with pytest.raises(ValueError, match=r"`layer_decay` is 1\.5"):
        layer_factors(resnet((32, 16)), 1.5)
