import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PedestrianPositionEncoder
from tests.reference import maps as reference
from tests.testing import run_layer_test

KINDS = ["mlp", "table", "sinusoidal", "mlp_2d"]


def make_features(height=5, width=3):
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, height, width, 4)).astype("float32")


def encode(layer, height, width):
    """The encoding, cell by cell, with the weights of `layer`."""
    weights = [ops.convert_to_numpy(w) for w in layer.weights]
    result = np.zeros((height, width, 4))
    for h in range(height):
        for w in range(width):
            y, x = (h + 0.5) / height, (w + 0.5) / width
            if layer.kind == "table":
                result[h, w] = weights[0][h]
                continue
            if layer.kind == "sinusoidal":
                angles = [np.pi * 2**j * y for j in range(8)]
                inputs = [*np.sin(angles), *np.cos(angles)]
            else:
                position = [2 * y - 1, 2 * x - 1]
                inputs = position[: 1 if layer.kind == "mlp" else 2]
                kernel, bias = weights[:2]
                inputs = np.maximum(np.array(inputs) @ kernel + bias, 0)
            kernel, bias = weights[-2:]
            result[h, w] = inputs @ kernel + bias
    return result


def shaken(kind, height=5, width=3):
    layer = PedestrianPositionEncoder(kind, hidden_dim=6)
    layer.build((None, height, width, 4))
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    return layer


@pytest.mark.parametrize("kind", KINDS)
def test_matches_reference(kind):
    features = make_features()
    layer = shaken(kind)
    expected = features + encode(layer, 5, 3)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(features)), expected, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("kind", KINDS)
def test_starts_as_the_identity_bit_for_bit(kind):
    features = make_features()
    encoded = run_layer_test(
        PedestrianPositionEncoder,
        {"kind": kind, "hidden_dim": 6},
        features,
        output_shape=features.shape,
    )
    np.testing.assert_array_equal(encoded, features)


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_leaves_the_identity(kind):
    features = make_features()
    inputs = keras.Input(features.shape[1:])
    encoder = PedestrianPositionEncoder(kind)
    model = keras.Model(inputs, encoder(inputs))
    model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=False)
    model.fit(features, features + 1.0, verbose=0)
    encoded = ops.convert_to_numpy(model(features))
    assert np.abs(encoded - features).max() > 1e-3


def test_parameters():
    for kind, parameters in (
        ("mlp", 8_448),
        ("table", 64 * 128),
        ("sinusoidal", 16 * 128 + 128),
        ("mlp_2d", 8_448 + 64),
    ):
        layer = PedestrianPositionEncoder(kind)
        layer.build((None, 64, 32, 128))
        assert layer.count_params() == parameters
        assert len(layer.trainable_weights) == len(layer.weights)


def test_hidden_units_bend_at_many_heights():
    layer = PedestrianPositionEncoder()
    layer.build((None, 64, 32, 128))
    kernel, bias = (ops.convert_to_numpy(w) for w in layer.weights[:2])
    bends = -bias / kernel[0]
    inside = bends[np.abs(bends) < 1]
    assert len(inside) > 10 and inside.std() > 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_of_another_height(kind):
    layer, features = shaken(kind), make_features(height=8)
    if kind == "table":
        table = ops.convert_to_numpy(layer.table)[None, :, None]
        encoding = reference.resize(table, (8, 1), corner_aligned=False)[0]
    else:
        encoding = encode(layer, 8, 3)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(features)),
        features + encoding,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_weights_of_another_height_load(kind, tmp_path):
    def model(layer, height):
        inputs = keras.Input((height, 3, 4))
        return keras.Model(inputs, layer(inputs))

    trained = shaken(kind)
    model(trained, 5).save_weights(tmp_path / "w.weights.h5")
    taller = PedestrianPositionEncoder(kind, hidden_dim=6)
    other = model(taller, 8)
    other.load_weights(tmp_path / "w.weights.h5")
    features = make_features(height=8)
    np.testing.assert_allclose(
        ops.convert_to_numpy(other(features)),
        ops.convert_to_numpy(trained(features)),
        rtol=1e-5,
        atol=1e-6,
    )


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'none'"):
        PedestrianPositionEncoder("none")
