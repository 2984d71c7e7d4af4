"""Steps compiled by XLA on TensorFlow are those without it."""

import keras
import numpy as np
import pytest

from keras_drop.models import DROP, PartMemory
from tests.models.every_model import EVERY_MODEL, model_and_batch
from tests.models.small import randomise, weights

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        keras.backend.backend() != "tensorflow",
        reason="JAX compiles in every test, PyTorch has no XLA",
    ),
]
AT_ONCE = PartMemory(size=10, start_epoch=0)
ONE_BY_ONE = [
    # A queue of the second step holds the first one's people.
    pytest.param(cls, switches, id=f"{name}, {kind}", marks=marks)
    for name, cls in EVERY_MODEL.items()
    for kind, switches, marks in (
        [
            ("queue", {"memory": AT_ONCE}, ()),
            (
                "prototypes",
                {"memory": PartMemory("prototype", 1024, 0)},
                pytest.mark.nightly,
            ),
        ]
        if cls is DROP
        else [("plain", {}, pytest.mark.nightly)]
    )
]


def after_two_steps(cls, switches, jit_compile):
    """Losses, and all weights before and after, memories among them."""
    model, (x, y) = model_and_batch(cls, **switches)
    before = list(weights(randomise(model)).values())
    # Not Adam, in which rounding decides the sign of a step of full size.
    model.compile(
        keras.optimizers.SGD(1e-5),
        jit_compile=jit_compile,
        run_eagerly=not jit_compile,  # Sooner done than a graph is made.
    )
    losses = [
        model.train_on_batch(x, y, return_dict=True)["loss"] for _ in range(2)
    ]
    return losses, before, weights(model)


@pytest.mark.parametrize("cls, switches", ONE_BY_ONE)
def test_a_step_is_the_same_with_xla(cls, switches):
    losses, before, expected = after_two_steps(cls, switches, False)
    found_losses, _, found = after_two_steps(cls, switches, True)
    assert losses[0] != losses[1]
    np.testing.assert_allclose(found_losses, losses, rtol=1e-5)
    # By their order, as the paths begin with names that count models.
    for start, values, (path, wanted) in zip(
        before, found.values(), expected.items(), strict=True
    ):
        moved = np.abs(wanted - start).max()
        np.testing.assert_allclose(
            values, wanted, atol=0.01 * moved + 1e-6, err_msg=path
        )
