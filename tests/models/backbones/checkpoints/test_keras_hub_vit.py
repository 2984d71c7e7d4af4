import keras_hub
import numpy as np
import pytest

from keras_drop.models import load_keras_hub_vit, resnet18
from tests.models.backbones.small_vit import features_of, small_vit
from tests.models.small import arrays, weights
from tests.reference import maps

SIZES = {
    "image_shape": (24, 16, 3),
    "patch_size": 8,
    "num_layers": 3,
    "num_heads": 2,
    "hidden_dim": 12,
    "mlp_dim": 18,
    "layer_norm_epsilon": 1e-3,
}


def keras_hub_vit(**arguments):
    """One of KerasHub's, each of whose weights shows."""
    source = keras_hub.models.ViTBackbone(**{**SIZES, **arguments})
    rng = np.random.default_rng(0)
    for weight in source.weights:
        scale = weight.path.endswith("gamma")
        weight.assign(rng.normal(float(scale), 0.3, weight.shape))
    return source


@pytest.mark.backend_neutral
def test_gives_the_features_of_keras_hub():
    source, backbone = keras_hub_vit(), small_vit(patch_stride=None)
    load_keras_hub_vit(backbone, source)
    rng = np.random.default_rng(1)
    images = rng.normal(size=(2, 24, 16, 3)).astype("float32")
    expected = arrays(source(images))
    assert expected.std() > 0.1
    np.testing.assert_allclose(
        features_of(backbone, images)["tokens"],
        expected,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.backend_neutral
def test_positions_are_resized():
    source = keras_hub_vit()
    backbone = small_vit(image_shape=(40, 16, 3), num_cameras=2)
    before = weights(backbone)
    assert backbone.token_grid == (6, 2)
    load_keras_hub_vit(backbone, source)
    after = weights(backbone)
    table = arrays(
        source.get_layer(
            "vit_patching_and_embedding"
        ).position_embedding.embeddings
    )
    path = "token_embedding"
    np.testing.assert_array_equal(after[f"{path}/class_position"], table[0])
    np.testing.assert_allclose(
        after[f"{path}/patch_positions"],
        maps.resize(table[1:].reshape(1, 3, 2, 12), (6, 2), False)[0],
        rtol=1e-4,
        atol=1e-6,
    )
    untouched = {
        v.path
        for v in backbone.trainable_variables
        if (before[v.path] == after[v.path]).any()
    }
    assert untouched == {"camera_embedding/table"}


@pytest.mark.backend_neutral
def test_a_preset_of_keras_hub_is_a_source(tmp_path):
    keras_hub_vit().save_to_preset(str(tmp_path))
    source = keras_hub.models.ViTBackbone.from_preset(str(tmp_path))
    backbone = small_vit()
    load_keras_hub_vit(backbone, source)
    np.testing.assert_array_equal(
        arrays(backbone.get_layer("norm").beta),
        arrays(source.get_layer("vit_encoder").layer_norm.beta),
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hidden_dim": 8}, "`hidden_dim` should be 12, it is 8"),
        ({"num_layers": 2}, "`num_layers` should be 3, it is 2"),
        ({"num_heads": 3}, "`num_heads` should be 2, it is 3"),
        ({"mlp_dim": 24}, "`mlp_dim` should be 18, it is 24"),
        (
            {"patch_size": 4},
            r"`patch_size` should be \(8, 8\), it is \(4, 4\)",
        ),
        ({"use_class_token": False}, "`use_class_token` should be True"),
        ({"use_mha_bias": False}, "`use_mha_bias` should be True"),
    ],
)
def test_the_first_difference_is_told(arguments, message):
    backbone = small_vit()
    before = weights(backbone)
    with pytest.raises(ValueError, match=message):
        load_keras_hub_vit(backbone, keras_hub_vit(**arguments))
    for path, value in weights(backbone).items():
        np.testing.assert_array_equal(value, before[path])


@pytest.mark.backend_neutral
def test_another_class_is_refused():
    with pytest.raises(ValueError, match="received ResNetBackbone"):
        load_keras_hub_vit(small_vit(), resnet18((32, 32)))
