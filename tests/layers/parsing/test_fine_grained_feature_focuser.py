import numpy as np
import pytest
from keras import ops

from keras_drop.layers import FineGrainedFeatureFocuser
from tests.layers.shaken import shaken
from tests.reference.taylor_difference import focused_features
from tests.testing import run_layer_test


def make_inputs(gate_channels=1):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 4, 3, 7)).astype("float32")
    gate = rng.uniform(size=(2, 4, 3, gate_channels)).astype("float32")
    return [features, gate] if gate_channels else [features]


@pytest.mark.parametrize("gate_channels", [0, 1])
@pytest.mark.parametrize("start", ["identity", "no_skip"])
def test_matches_reference(start, gate_channels):
    inputs = make_inputs(gate_channels)
    focuser = FineGrainedFeatureFocuser(4, start, name="focuser")
    focuser(*inputs)
    weights = shaken(focuser)
    features, *gate = inputs
    expected = focused_features(features, weights, "focuser", start, *gate)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        ops.convert_to_numpy(focuser(*inputs)) / scale,
        expected / scale,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("training", [False, True])
def test_starts_as_the_reduced_map(training):
    features, gate = make_inputs()
    focuser = FineGrainedFeatureFocuser(channels=4)
    focused = focuser(features, gate, training=training)
    reduced = focuser.reduction(features, training=training)
    if not training:
        # The statistics that the first call left.
        focused = focuser(features, gate)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(focused), ops.convert_to_numpy(reduced)
    )
    assert ops.convert_to_numpy(reduced).any()


@pytest.mark.parametrize("start", ["identity", "no_skip"])
def test_shapes_and_mixed_precision(start):
    run_layer_test(
        FineGrainedFeatureFocuser,
        {"channels": 4, "start": start},
        *make_inputs(),
        output_shape=(2, 4, 3, 4),
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("features", "reduction"),
    [(1920, 492_032), (2048, 524_800), (512, 131_584)],
)
def test_parameters(features, reduction):
    """Those of the reduction, of the block and the one number."""
    focuser = FineGrainedFeatureFocuser()
    focuser.build((None, 16, 8, features), (None, 16, 8, 1))
    assert parameters(focuser.reduction) == reduction
    assert parameters(focuser) == reduction + 2_493_960 + 1


def parameters(layer):
    return sum(int(np.prod(w.shape)) for w in layer.trainable_weights)


def test_an_unknown_start_is_refused():
    with pytest.raises(ValueError, match=r"'skip'.*'no_skip'"):
        FineGrainedFeatureFocuser(start="skip")
