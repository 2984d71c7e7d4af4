import keras
import keras_hub
import numpy as np
import pytest
import safetensors.numpy

from keras_drop.models.backbones import ViTBackbone, load_checkpoint
from tests.compiled import compiled
from tests.models.backbones.small_vit import (
    GRID,
    SMALL,
    expected_features,
    features_of,
    public_state,
    small_vit,
)
from tests.models.small import arrays, weights
from tests.reference import maps
from tests.testing import assert_round_trip, assert_saves

neutral = pytest.mark.backend_neutral


def make_images(count=2, size=(24, 16)):
    images = np.random.default_rng(0).normal(size=(count, *size, 3))
    return images.astype("float32")


@pytest.fixture
def drawn(tmp_path):
    """A function from a backbone to it and to its drawn weights."""

    def draw(**arguments):
        backbone, state = small_vit(**arguments), public_state(GRID)
        path = tmp_path / "drawn.safetensors"
        safetensors.numpy.save_file(state, path)
        load_checkpoint(backbone, path)
        return backbone, state

    return draw


def assert_close(actual, expected):
    assert actual.keys() == expected.keys()
    for name, values in expected.items():
        assert values.std() > 0.1
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-3, atol=1e-4, err_msg=name
        )


def test_matches_reference(drawn):
    backbone, state = drawn()
    assert backbone.token_grid == GRID
    images = make_images()
    assert_close(
        features_of(backbone, images), expected_features(state, images)
    )


def test_matches_reference_with_cameras(drawn):
    backbone, state = drawn(num_cameras=4)
    images, cameras = make_images(3), np.array([3, -1, 0], "int32")
    table = np.random.default_rng(1).normal(size=(4, 12))
    backbone.get_layer("camera_embedding").table.assign(table)
    added = 2.5 * np.stack([table[3], table.mean(axis=0), table[0]])
    assert_close(
        features_of(backbone, {"images": images, "cameras": cameras}),
        expected_features(state, images, added=added),
    )


def test_shapes_by_name():
    outputs = small_vit().feature_outputs
    assert {name: x.shape for name, x in outputs.items()} == {
        "tokens": (None, 7, 12),
        "class_token": (None, 12),
        "patch_tokens": (None, 6, 12),
        **{f"block_{k}": (None, 7, 12) for k in (1, 2, 3)},
    }


def test_compiles():
    backbone, images = small_vit(), make_images()

    def tokens(images):
        return backbone(images, training=True)["block_1"]

    np.testing.assert_allclose(
        arrays(compiled(tokens)(images)),
        features_of(backbone, images)["block_1"],
        rtol=1e-3,
        atol=1e-4,
    )


def branches(backbone, index, tokens):
    """What a block adds to the tokens, by which of its branches are left."""
    layer = backbone.get_layer
    path, tokens = f"blocks-{index}", keras.ops.convert_to_tensor(tokens)
    results = {}
    for attends in (False, True):
        x = tokens
        if attends:
            y = layer(f"{path}-norm1")(x)
            x = x + layer(f"{path}-attn")(y, y) / (1 - 0.3)
        y = layer(f"{path}-mlp-fc1")(layer(f"{path}-norm2")(x))
        mlp = layer(f"{path}-mlp-fc2")(y) / (1 - 0.3)
        results[attends, False] = arrays(x)
        results[attends, True] = arrays(x + mlp)
    return results


def test_drop_path_leaves_branches_out_for_some_images(drawn):
    backbone, _ = drawn()
    for index, rate in enumerate((0, 0.15, 0.3)):
        for number in (1, 2):
            layer = backbone.get_layer(f"blocks-{index}-drop_path{number}")
            np.testing.assert_allclose(layer.rate, rate)
    image = make_images(1)
    trained = features_of(backbone, np.repeat(image, 64, axis=0), True)
    still = features_of(backbone, image)
    # The first block drops nothing.
    np.testing.assert_allclose(
        trained["block_1"], np.repeat(still["block_1"], 64, axis=0), atol=1e-4
    )
    before, after = trained["block_2"], trained["block_3"]
    counts = {}
    for kept, expected in branches(backbone, 2, before).items():
        far = np.abs(after - expected).max(axis=(1, 2))
        counts[kept] = int((far < 1e-3).sum())
    assert sum(counts.values()) == 64
    assert counts[True, True] == max(counts.values())
    assert min(counts.values()) > 0
    again = features_of(backbone, np.repeat(image, 64, axis=0), True)
    assert np.abs(again["tokens"] - trained["tokens"]).max() > 0.1


def test_saves(tmp_path):
    assert_saves(small_vit(), make_images(), tmp_path)


@neutral
def test_preset_for_images_of_another_size(tmp_path):
    backbone = small_vit(num_cameras=3)
    backbone.save_to_preset(str(tmp_path))
    same = keras_hub.models.Backbone.from_preset(str(tmp_path))
    assert isinstance(same, ViTBackbone)
    inputs = {"images": make_images(), "cameras": np.array([0, 2])}
    for name, values in features_of(backbone, inputs).items():
        np.testing.assert_allclose(
            features_of(same, inputs)[name], values, rtol=1e-4, atol=1e-5
        )
    larger = ViTBackbone.from_preset(
        str(tmp_path), image_shape=(40, 24, 3), patch_stride=8
    )
    assert larger.token_grid == (5, 3)
    before, after = weights(backbone), weights(larger)
    path = "token_embedding/patch_positions"
    positions = before.pop(path)
    np.testing.assert_allclose(
        after[path],
        maps.resize(positions[None], (5, 3), False)[0],
        rtol=1e-4,
        atol=1e-6,
    )
    for path, value in before.items():
        if "seed_generator" not in path:
            np.testing.assert_array_equal(after[path], value, err_msg=path)


@pytest.mark.slow
@neutral
def test_every_weight_learns():
    backbone = small_vit(num_cameras=2, drop_path_rate=0.0)
    tokens = backbone.feature_outputs["class_token"]
    model = keras.Model(
        backbone.input, keras.layers.Dense(1, name="score")(tokens)
    )
    model.compile(keras.optimizers.Adam(1e-3), "mse", jit_compile=False)
    before = weights(backbone)
    model.fit(
        {"images": make_images(), "cameras": np.array([0, 1])},
        np.array([[-1.0], [1.0]]),
        verbose=0,
    )
    after = weights(backbone)
    # Every query meets a key's bias, so that no attention depends on it.
    still = {path for path in before if path.endswith("key/bias")}
    assert len(still) == 3
    assert {
        v.path
        for v in backbone.trainable_variables
        if (before[v.path] == after[v.path]).all()
    } <= still


@neutral
def test_mixed_precision():
    backbone = small_vit(dtype="mixed_bfloat16", num_cameras=2)
    outputs = backbone.output.values()
    assert {x.dtype for x in outputs} == {"bfloat16"}
    assert {v.dtype for v in backbone.trainable_variables} == {"float32"}
    inputs = {"images": make_images(), "cameras": np.array([0, 1])}
    exact = small_vit(num_cameras=2)
    for variable, value in zip(
        exact.trainable_variables, backbone.trainable_variables, strict=True
    ):
        variable.assign(value)
    half = features_of(backbone, inputs)["tokens"].astype("float32")
    np.testing.assert_allclose(
        half, features_of(exact, inputs)["tokens"], atol=0.1
    )


@neutral
def test_round_trip():
    assert_round_trip(
        ViTBackbone, **{**SMALL, "num_cameras": 2}, trainable=False
    )


@neutral
def test_weights_start_as_those_of_the_paper():
    backbone = small_vit(hidden_dim=192, num_heads=3)
    for path, value in weights(backbone).items():
        name = path.rpartition("/")[2]
        if name in ("bias", "beta"):
            assert not value.any(), path
        elif name == "gamma":
            assert (value == 1).all()
        elif path == "patch_embed-proj/kernel":
            np.testing.assert_allclose(value.std(), 192**-0.5, rtol=0.05)
        elif "seed" not in name:
            # A normal distribution of 0.02, cut off at twice that.
            assert np.abs(value).max() <= 0.0401
            np.testing.assert_allclose(value.std(), 0.0176, rtol=0.15)


@neutral
def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="patch_strides"):
        ViTBackbone(patch_strides=12)


@neutral
@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("image_shape", (24, 16), r"one size.* received \(24, 16\)"),
        ("image_shape", (None, 16, 3), r"one size.* received \(None, 16, 3\)"),
        ("image_shape", (24, 7, 3), r"patch of 8 pixels.* \(24, 7, 3\)"),
        ("patch_stride", 9, "`patch_stride` is 9"),
        ("patch_stride", 0, "`patch_stride` is 0"),
        ("hidden_dim", 13, "`hidden_dim` is 13.* multiple of `num_heads`"),
        ("num_layers", 0, "`num_layers` is 0"),
        ("drop_path_rate", 1.0, r"`drop_path_rate` is 1.0.* in \[0, 1\)"),
        ("num_cameras", -1, "`num_cameras` is -1"),
    ],
)
def test_arguments_must_fit(argument, value, message):
    with pytest.raises(ValueError, match=message):
        small_vit(**{argument: value})
