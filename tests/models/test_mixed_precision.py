"""Three steps in half precision lose about what they lose in float32."""

import keras
import numpy as np
import pytest

from keras_drop.models import (
    BPBReID,
    DPEFormer,
    GlobalBaseline,
    PABReID,
    TransReIDBaseline,
)
from keras_drop.training import CoupledAdam
from tests.models.every_model import EVERY_MODEL, model_and_batch
from tests.models.small import arrays
from tests.testing import SLOW_NIGHTLY_ON_JAX

POLICIES = ("mixed_bfloat16", "mixed_float16")
# Of the first loss, by share: where a loss falls, what rounding adds stays. A
# value of bfloat16 is off by 0.4 % at the most.
TOLERANCE = 0.05
# Its sharpened maps round more, and untrained parts are all about as far.
TOLERANCE_OF_PAB_REID = 0.1
# Of the warm-up: faster, untrained weights soon go ways of their own.
LEARNING_RATE = 3.5e-5


@pytest.fixture(autouse=True)
def float32_afterwards():
    yield
    keras.config.set_dtype_policy("float32")


def three_steps(cls, policy, eagerly):
    """Losses of the steps, and descriptors after them."""
    keras.config.set_dtype_policy(policy)
    model, (x, y) = model_and_batch(cls)
    optimizer = CoupledAdam(LEARNING_RATE)
    if policy == "mixed_float16":
        # What `compile` adds, but from a scale at which no step overflows.
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer, 64.0)
    model.compile(
        optimizer,
        jit_compile=keras.backend.backend() == "jax",
        run_eagerly=eagerly,
    )
    losses = [model.train_on_batch(x, y, return_dict=True) for _ in range(3)]
    for variable in model.variables:
        assert np.isfinite(arrays(variable.value)).all(), variable.path
    embeddings = model.embed(x).embeddings
    lengths = np.linalg.norm(embeddings, axis=-1, keepdims=True)
    return losses, embeddings / np.maximum(lengths, 1e-12)


def assert_close_to_float32(cls, policy, eagerly=False):
    expected, expected_embeddings = three_steps(cls, "float32", eagerly)
    losses, embeddings = three_steps(cls, policy, eagerly)
    assert embeddings.dtype == np.float32
    # Of a part that is not seen there is none; in DPEFormer, a patch that
    # is chosen instead of another changes the embedding of an image.
    lengths = (expected_embeddings**2).sum(-1)
    cosines = (embeddings * expected_embeddings).sum(-1)
    assert np.median(cosines[lengths > 0.5]) > 0.95
    tolerance = TOLERANCE_OF_PAB_REID if cls is PABReID else TOLERANCE
    for step, (found, wanted) in enumerate(zip(losses, expected)):
        assert found["loss"] == pytest.approx(
            wanted["loss"], abs=tolerance * expected[0]["loss"]
        ), f"step {step}: {found} instead of {wanted}"
    assert expected[0]["loss"] != expected[2]["loss"]


@SLOW_NIGHTLY_ON_JAX
@pytest.mark.parametrize("policy", POLICIES)
def test_a_baseline_learns_in_half_precision(policy):
    eagerly = keras.backend.backend() == "tensorflow"
    cls = GlobalBaseline if keras.backend.backend() == "jax" else BPBReID
    assert_close_to_float32(cls, policy, eagerly)


@pytest.mark.nightly
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("cls", EVERY_MODEL.values(), ids=EVERY_MODEL)
def test_every_model_learns_in_half_precision(cls, policy):
    tokens = cls in (TransReIDBaseline, DPEFormer)
    if (keras.backend.backend(), policy, tokens) == ("jax", POLICIES[1], True):
        pytest.skip("JAX has no attention in float16 on CPUs")
    assert_close_to_float32(cls, policy)
