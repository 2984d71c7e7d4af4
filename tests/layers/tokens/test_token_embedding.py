import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import TokenEmbedding
from tests.reference import maps
from tests.testing import run_layer_test


def make_patches(rows=3, columns=2):
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, rows, columns, 5)).astype("float32")


def shaken(rows=3, columns=2):
    layer = TokenEmbedding(name="tokens")
    layer.build((None, rows, columns, 5))
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    return layer, [ops.convert_to_numpy(w) for w in layer.weights]


def test_matches_reference():
    layer, (class_token, class_position, positions) = shaken()
    patches = make_patches()
    expected = []
    for image in patches:
        tokens = [class_token + class_position]
        for row in range(3):
            for column in range(2):
                tokens.append(image[row, column] + positions[row, column])
        expected.append(tokens)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(patches)), expected, rtol=1e-5, atol=1e-6
    )


def test_as_a_layer():
    tokens = run_layer_test(
        TokenEmbedding,
        {"name": "mine"},
        make_patches(),
        output_shape=(2, 7, 5),
        mixed_dtype="bfloat16",
    )
    assert np.abs(tokens[:, 0]).max() < 0.2
    np.testing.assert_array_equal(tokens[0, 0], tokens[1, 0])


@pytest.mark.parametrize("grid", [(3, 2), (4, 7), (2, 1)])
def test_weights_of_another_grid_are_resized(grid, tmp_path):
    def model_of(layer, rows, columns):
        patches = keras.Input((rows, columns, 5))
        return keras.Model(patches, layer(patches))

    layer, (class_token, class_position, positions) = shaken()
    model_of(layer, 3, 2).save_weights(tmp_path / "x.weights.h5")
    other, _ = shaken(*grid)
    for weight in other.weights:
        weight.assign(np.zeros(weight.shape))
    model_of(other, *grid).load_weights(tmp_path / "x.weights.h5")
    resized = maps.resize(positions[None], grid, False)[0]
    assert (grid == (3, 2)) == (resized.shape == positions.shape)
    for weight, expected in zip(
        other.weights, (class_token, class_position, resized), strict=True
    ):
        np.testing.assert_allclose(
            ops.convert_to_numpy(weight), expected, rtol=1e-5, atol=1e-6
        )
