import numpy as np
import pytest
from keras import ops

from keras_drop.layers import CameraEmbedding
from tests.testing import run_layer_test


def make_tokens(count):
    rng = np.random.default_rng(0)
    return rng.normal(size=(count, 3, 4)).astype("float32")


def test_matches_reference():
    cameras = np.array([2, 0, -1, 2, 7, 3])
    layer = CameraEmbedding(num_cameras=4, coefficient=1.5)
    tokens = make_tokens(6)
    layer.build(tokens.shape, cameras.shape)
    table = np.random.default_rng(1).normal(size=(4, 4))
    layer.table.assign(table)
    expected = []
    for image, camera in zip(tokens, cameras):
        known = 0 <= camera < 4
        vector = table[camera] if known else sum(table) / 4
        expected.append([token + 1.5 * vector for token in image])
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(tokens, cameras)), expected, rtol=1e-5
    )


def test_as_a_layer():
    run_layer_test(
        CameraEmbedding,
        {"num_cameras": 3, "coefficient": 2.0},
        make_tokens(2),
        np.array([0, 2], "int32"),
        output_shape=(2, 3, 4),
        mixed_dtype="bfloat16",
    )


def test_only_images_of_a_camera_follow_its_vector():
    tokens, cameras = make_tokens(3), np.array([1, 1, 0])
    layer = CameraEmbedding(num_cameras=3, coefficient=2.0)
    before = ops.convert_to_numpy(layer(tokens, cameras))
    table = ops.convert_to_numpy(layer.table)
    layer.table.assign(table + np.array([[0.0], [1.0], [5.0]]))
    after = ops.convert_to_numpy(layer(tokens, cameras))
    np.testing.assert_allclose((after - before)[:2], 2, atol=1e-5)
    np.testing.assert_allclose((after - before)[2], 0, atol=1e-5)


def test_needs_a_camera():
    with pytest.raises(ValueError, match="`num_cameras` is 0"):
        CameraEmbedding(0)
