import keras
import numpy as np
import pytest

from keras_drop.models.base.vit_features import vit_features
from tests.models.backbones.small_vit import features_of, small_vit
from tests.models.small import Pyramid, arrays, images

SIZE = (24, 16)


def test_images_are_normalised():
    backbone, x = small_vit(), images(2, SIZE)
    inputs, features = vit_features(backbone, ["block_2", "tokens"])
    assert inputs.shape == (None, *SIZE, 3)
    expected = features_of(backbone, ((x / 255 - 0.5) / 0.5).astype("float32"))
    found = arrays(keras.Model(inputs, features)(x))
    assert found.keys() == {"block_2", "tokens"}
    for name, values in found.items():
        np.testing.assert_allclose(values, expected[name], atol=1e-4)


def test_cameras_go_beside_the_images():
    backbone = small_vit(num_cameras=3)
    backbone.image_mean, backbone.image_deviation = (0.1, 0.2, 0.3), (1, 2, 3)
    inputs, features = vit_features(backbone, ["class_token"])
    x = {"images": images(2, SIZE), "cameras": np.array([2, 0], "int32")}
    given = (x["images"] / 255 - [0.1, 0.2, 0.3]) / [1, 2, 3]
    expected = features_of(backbone, {**x, "images": given.astype("float32")})
    found = arrays(keras.Model(inputs, features)(x))["class_token"]
    np.testing.assert_allclose(found, expected["class_token"], atol=1e-4)
    other = features_of(backbone, {**x, "cameras": np.array([1, 1], "int32")})
    assert np.abs(found - other["class_token"]).max() > 1e-2


@pytest.mark.backend_neutral
def test_refuses_backbones_without_tokens():
    with pytest.raises(
        ValueError, match=r"has no class_token.*such as .*vit_b16, vit_small"
    ):
        vit_features(Pyramid(), ["class_token"])
    with pytest.raises(ValueError, match="has no block_4"):
        vit_features(small_vit(), ["tokens", "block_4"])
