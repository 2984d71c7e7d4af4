import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import FeatureBlending
from tests.compiled import jitted
from tests.models.small import randomise
from tests.reference import dpeformer
from tests.testing import run_layer_test


def vectors(batch=4, dim=48, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, batch, dim)).astype("float32")


def weights_of(layer):
    return {
        path: ops.convert_to_numpy(weight)
        for weight in layer.weights
        for path in [weight.path.split("/", 1)[1]]
    }


def random_layer(**arguments):
    layer = FeatureBlending(**arguments)
    layer.build((None, 48), (None, 48))
    randomise(layer)
    layer.positions.assign(np.random.default_rng(1).normal(size=(3, 16)))
    return layer


@pytest.mark.parametrize("axis_bug", [False, True])
def test_matches_reference(axis_bug):
    layer = random_layer(axis_bug=axis_bug)
    part, token = vectors()
    expected = dpeformer.blending(
        part.astype("float64"), token, weights_of(layer), axis_bug
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(jitted(layer.call)(part, token)),
        expected,
        rtol=1e-4,
        atol=1e-4,
    )


def test_round_trip_and_shapes():
    run_layer_test(
        FeatureBlending, {"axis_bug": True}, *vectors(), output_shape=(4, 48)
    )


def test_parameters():
    layer = FeatureBlending()
    layer.build((None, 768), (None, 768))
    assert layer.count_params() == 2_448
    assert int(np.prod(layer.positions.shape)) == 768


def test_an_image_depends_on_its_batch_only_with_the_axis_bug():
    part, token = vectors()
    for axis_bug in (False, True):
        layer = random_layer(axis_bug=axis_bug)
        blend = jitted(layer.call)
        together = ops.convert_to_numpy(blend(part, token))
        alone = ops.convert_to_numpy(blend(part[:1], token[:1]))
        same = np.allclose(together[:1], alone, atol=1e-5)
        assert same != axis_bug


def test_axis_bug_swaps_heads_and_samples():
    """Sample b gets head floor(2b/B) of samples 2b mod B and 2b + 1 mod B."""
    num_images = 4
    part, token = vectors(num_images)
    layer = jitted(random_layer(axis_bug=True).call)
    before = ops.convert_to_numpy(layer(part, token))
    for changed in range(num_images):
        other = token.copy()
        other[changed] += np.random.default_rng(changed).normal(size=48)
        after = ops.convert_to_numpy(layer(part, other))
        moved = np.abs(after - before).max(axis=1) > 1e-4
        expected = [
            changed in (2 * b % num_images, (2 * b + 1) % num_images)
            for b in range(num_images)
        ]
        assert moved.tolist() == expected


def test_without_queries_attention_is_uniform():
    layer = random_layer()
    layer.query.kernel.assign(np.zeros((16, 16)))
    layer.output_layer.kernel.assign(np.zeros((16, 16)))
    layer.output_layer.bias.assign(np.zeros(16))
    part, token = vectors()
    added = ops.convert_to_numpy(jitted(layer.call)(part, token)) - part
    added = added.reshape(4, 3, 16) - ops.convert_to_numpy(layer.positions)
    weights = weights_of(layer)
    chunks = token.reshape(4, 3, 16) + weights["positions"]
    values = dpeformer.layer_norm(
        chunks, weights["global_norm/gamma"], weights["global_norm/beta"]
    )
    values = values @ weights["key_value/kernel"][:, 16:]
    expected = values.mean(axis=1) @ weights["projection/kernel"]
    expected = expected + weights["projection/bias"]
    np.testing.assert_allclose(
        added, np.repeat(expected[:, None], 3, axis=1), rtol=1e-3, atol=1e-3
    )


def test_zeroed_outputs_leave_the_part_and_the_positions():
    layer = random_layer()
    for dense in (layer.projection, layer.output_layer):
        dense.kernel.assign(np.zeros((16, 16)))
        dense.bias.assign(np.zeros(16))
    part, token = vectors()
    positions = ops.convert_to_numpy(layer.positions).ravel()
    np.testing.assert_allclose(
        ops.convert_to_numpy(jitted(layer.call)(part, token)),
        part + positions,
        rtol=1e-5,
    )


@pytest.mark.parametrize("dims", [(40, 40), (48, 32)])
def test_refuses_other_sizes(dims):
    part, token = (np.ones((2, dim), "float32") for dim in dims)
    with pytest.raises(ValueError, match=f"have {dims[0]} and {dims[1]}"):
        FeatureBlending()(part, token)


def test_positions_start_at_zero():
    layer = FeatureBlending()
    layer.build((None, 48), (None, 48))
    assert not ops.convert_to_numpy(layer.positions).any()
    assert isinstance(layer.part_norm, keras.layers.LayerNormalization)
