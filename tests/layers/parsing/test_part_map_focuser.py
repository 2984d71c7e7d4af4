import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PartMapFocuser
from tests.layers.shaken import shaken
from tests.reference.taylor_difference import focused_logits
from tests.testing import run_layer_test


def make_logits():
    return np.random.default_rng(0).normal(size=(2, 4, 3, 5)).astype("float32")


@pytest.mark.parametrize("start", ["identity", "no_skip"])
def test_matches_reference(start):
    logits = make_logits()
    focuser = PartMapFocuser(start, name="focuser")
    focuser(logits)
    weights = shaken(focuser)
    expected = focused_logits(logits, weights, "focuser", start)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        ops.convert_to_numpy(focuser(logits)) / scale,
        expected / scale,
        rtol=1e-4,
        atol=1e-5,
    )


def test_starts_as_the_logits_themselves():
    logits = make_logits()
    for training in (True, False):
        focused = PartMapFocuser()(logits, training=training)
        np.testing.assert_array_equal(ops.convert_to_numpy(focused), logits)


@pytest.mark.parametrize("start", ["identity", "no_skip"])
def test_shapes_and_mixed_precision(start):
    """The logits stay float32."""
    run_layer_test(
        PartMapFocuser,
        {"start": start},
        make_logits(),
        output_shape=(2, 4, 3, 5),
        mixed_dtype="float32",
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(("parts", "parameters"), [(7, 2_532), (8, 3_190)])
def test_parameters(parts, parameters):
    """Those of the block and the one number."""
    focuser = PartMapFocuser()
    focuser.build((None, 16, 8, 1 + parts))
    weights = focuser.trainable_weights
    assert sum(int(np.prod(w.shape)) for w in weights) == parameters


def test_an_unknown_start_is_refused():
    with pytest.raises(ValueError, match=r"'skip'.*'no_skip'"):
        PartMapFocuser(start="skip")


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_logits_are_computed_in_float32(policy):
    focuser = PartMapFocuser(dtype=policy, name="focuser")
    half = ops.cast(make_logits(), focuser.compute_dtype)
    focuser(half)
    weights = shaken(focuser)
    logits = ops.convert_to_numpy(ops.cast(half, "float32"))
    found = focuser(half)
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    expected = focused_logits(logits, weights, "focuser", "identity")
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        ops.convert_to_numpy(found) / scale, expected / scale, atol=1e-5
    )
