import numpy as np
import pytest
from keras import ops

from keras_drop.layers import TaylorDifferenceBlock
from tests.layers.shaken import shaken
from tests.reference import maps
from tests.reference.taylor_difference import residual_unit, taylor_difference
from tests.testing import run_layer_test


def make_maps(channels=3, gate_channels=2):
    rng = np.random.default_rng(0)
    return [
        rng.normal(size=(2, 4, 3, size)).astype("float32")
        for size in (channels, gate_channels)
        if size
    ]


def make_block(*inputs):
    """A block and its weights by their path, which are not the start's."""
    block = TaylorDifferenceBlock(name="block")
    block(*inputs)
    return block, shaken(block)


@pytest.mark.parametrize("gate_channels", [0, 1, 2])
def test_matches_reference(gate_channels):
    inputs = make_maps(gate_channels=gate_channels)
    block, weights = make_block(*inputs)
    features, *gate = inputs
    expected = taylor_difference(features, weights, "block", *gate)
    assert np.abs(expected - 3 * features).max() > 1
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        ops.convert_to_numpy(block(*inputs)) / scale,
        expected / scale,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("channels", "gate_channels", "parameters"),
    [
        (8, 0, 2_531),
        (9, 0, 3_189),
        (64, 0, 156_419),
        (128, 0, 624_131),
        (256, 0, 2_493_443),
        (64, 1, 156_552),
        (128, 1, 624_392),
        (256, 1, 2_493_960),
    ],
)
def test_parameters(channels, gate_channels, parameters):
    block = TaylorDifferenceBlock()
    gate = ((None, 16, 8, gate_channels),) if gate_channels else ()
    block.build((None, 16, 8, channels), *gate)
    count = sum(int(np.prod(w.shape)) for w in block.trainable_weights)
    assert count == parameters


@pytest.mark.parametrize("gate_channels", [0, 1])
def test_shapes_and_mixed_precision(gate_channels):
    run_layer_test(
        TaylorDifferenceBlock,
        {},
        *make_maps(gate_channels=gate_channels),
        output_shape=(2, 4, 3, 3),
    )


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_attention_is_between_0_and_1(scale):
    """Where nothing else normalises: in training, of 24 cells."""
    features, gate = make_maps(channels=3, gate_channels=1)
    block, _ = make_block(features, gate)
    seen = scale * np.concatenate([features, gate], axis=-1)
    alpha = ops.convert_to_numpy(block.attention(seen, training=True))
    assert alpha.shape == (2, 4, 3, 1)
    assert ((alpha > 0) & (alpha < 1)).all()
    assert np.ptp(alpha) > 0.01


def test_without_attention_the_second_difference_counts_once():
    features, gate = make_maps(gate_channels=1)
    block, weights = make_block(features, gate)
    last = block.attention.get_layer("score_normalisation")
    last.gamma.assign([0.0])
    last.beta.assign([-200.0])
    difference = residual_unit(features, weights, "block/first_unit")
    moved = np.maximum(features + difference, 0)
    first = np.maximum(difference, 0)
    second = np.maximum(residual_unit(moved, weights, "block/second_unit"), 0)
    kernel = weights["block/projection/kernel"]
    expected = 3 * first + second + maps.convolve(second, kernel)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        ops.convert_to_numpy(block(features, gate)) / scale,
        expected / scale,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("training", [False, True])
def test_zeros_give_zeros_at_the_start(training):
    features, gate = make_maps(gate_channels=1)
    block = TaylorDifferenceBlock()
    result = block(np.zeros_like(features), gate, training=training)
    np.testing.assert_array_equal(ops.convert_to_numpy(result), 0)


def test_starts_with_the_distributions_of_the_paper():
    """He-normal in the units, Glorot-uniform after them, biases of 0."""
    block = TaylorDifferenceBlock()
    block.build((None, 4, 4, 64), (None, 4, 4, 1))
    for weight in block.trainable_weights:
        values = ops.convert_to_numpy(weight)
        if "convolution/kernel" in weight.path:
            assert values.std() == pytest.approx(
                np.sqrt(2 / (9 * 64)), rel=0.05
            )
        elif "projection" in weight.path:
            limit = np.sqrt(6 / 128)
            assert np.abs(values).max() == pytest.approx(limit, rel=0.05)
        elif weight.name in ("bias", "beta"):
            assert not values.any()
