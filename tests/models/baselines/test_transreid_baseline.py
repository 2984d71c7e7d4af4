import json

import keras
import keras_hub
import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from keras_drop.data import ImageBatches
from keras_drop.export import check_saved_model, export_saved_model
from keras_drop.losses import IdentityCrossEntropy, PartAveragedTriplet
from keras_drop.models import TransReIDBaseline, load_checkpoint, vit_small
from tests.models.backbones.small_vit import (
    expected_features,
    public_state,
    small_vit,
)
from tests.models.small import (
    EAGERLY,
    IMAGE_SIZE,
    Pyramid,
    arrays,
    batch,
    compile_model,
    images,
    randomise,
    weights,
)
from tests.reference import cross_entropy, maps, part_triplet
from tests.testing import assert_round_trip

neutral = pytest.mark.backend_neutral
CAMERAS = np.array([0, 1, 2, 2, 1, 0], "int32")


def model_of(num_cameras=0, drop_path_rate=0.0, num_layers=3, **switches):
    backbone = small_vit(
        image_shape=(*IMAGE_SIZE, 3),
        num_layers=num_layers,
        drop_path_rate=drop_path_rate,
        num_cameras=num_cameras,
    )
    return TransReIDBaseline(backbone, 3, **switches)


@pytest.fixture(scope="module")
def with_cameras():
    return randomise(model_of(3))


def test_matches_reference(tmp_path):
    model = randomise(model_of(test_embedding="after_neck"))
    state, x = public_state((5, 5)), images(2)
    safetensors.numpy.save_file(state, tmp_path / "vit.safetensors")
    load_checkpoint(model.backbone, tmp_path / "vit.safetensors")
    token = expected_features(state, (x / 255 - 0.5) / 0.5, grid=(5, 5))[
        "class_token"
    ]
    values, path = weights(model), "global_neck/normalisation"
    neck = maps.normalise(
        token,
        values[f"{path}/gamma"],
        0,
        values[f"{path}/moving_mean"],
        values[f"{path}/moving_variance"],
    )
    outputs = arrays(model(x))
    for name, expected in {
        "global": token,
        "embeddings": neck[:, None],
        "global_logits": neck @ values["global_neck/classifier/kernel"],
        "visibility": np.ones((2, 1)),
    }.items():
        assert outputs[name].shape == expected.shape
        np.testing.assert_allclose(
            outputs[name], expected, rtol=1e-3, atol=1e-3
        )
    assert np.abs(token[0] - token[1]).max() > 0.1


@neutral
def test_compares_the_class_token_unless_told_otherwise():
    x, model = images(2), model_of()
    compared = model.embed(x).embeddings[:, 0]
    np.testing.assert_allclose(compared, arrays(model(x)["global"]), atol=1e-5)


def test_losses_match_reference():
    model = model_of(
        term_losses={
            "global_identity": IdentityCrossEntropy(0.2),
            "global_triplet": PartAveragedTriplet(2.0),
        }
    )
    default = model_of()
    _, y = batch()
    rng = np.random.default_rng(0)
    outputs = {
        "global": rng.normal(size=(6, 12)).astype("float32"),
        "global_logits": rng.normal(size=(6, 3)).astype("float32"),
    }
    for network, margin, smoothing in ((model, 2.0, 0.2), (default, 0.0, 0.0)):
        terms = arrays(network.loss_terms(y, outputs, training=True))
        assert terms.keys() == {"global_identity", "global_triplet"}
        np.testing.assert_allclose(
            terms["global_identity"],
            cross_entropy.identity_cross_entropy(
                y["identities"], outputs["global_logits"], smoothing
            ),
            rtol=1e-4,
        )
        np.testing.assert_allclose(
            terms["global_triplet"],
            part_triplet.part_averaged_triplet(
                y["identities"], outputs["global"][:, None], margin
            ),
            rtol=1e-4,
        )


def test_every_weight_learns():
    model = compile_model(
        model_of(3, drop_path_rate=0.2, num_layers=2), eagerly=EAGERLY
    )
    x, y = batch()
    before = weights(model)
    history = model.fit(
        {"images": x, "cameras": CAMERAS},
        y,
        batch_size=len(x),
        epochs=3,
        verbose=0,
    ).history
    after = weights(model)
    assert len(after) == len(model.variables)
    np.testing.assert_allclose(
        history["loss"][0],
        history["global_identity"][0] + history["global_triplet"][0],
        rtol=1e-5,
    )
    # Every query meets a key's bias, so that no attention depends on it.
    moved = {path for path in before if (before[path] != after[path]).any()}
    trained = {
        v.path
        for v in model.trainable_variables
        if not v.path.endswith("key/bias")
    }
    assert len(trained) == 5 + 2 * 15 + 1 + 2 + 2
    assert not trained - moved
    assert {path for path in before if "/moving_" in path} <= moved


def test_evaluate_drops_nothing_and_changes_nothing():
    model = compile_model(randomise(model_of(0, 0.9, num_layers=2)))
    x, y = batch()
    before = weights(model)
    losses = [
        model.evaluate(x, y, batch_size=len(x), verbose=0) for _ in range(2)
    ]
    assert losses[0] == losses[1]
    after = weights(model)
    assert all((before[path] == after[path]).all() for path in before)


def test_embed_takes_the_cameras(with_cameras):
    x = images(5, (70, 30)).astype("uint8")
    numbers = CAMERAS[:5]
    found = with_cameras.embed(x, batch_size=2, cameras=numbers)
    assert found.names == ("global",)
    assert found.visibility.dtype == bool
    resized = arrays(with_cameras.preprocessor(x.astype("float32")))
    expected = with_cameras({"images": resized, "cameras": numbers})
    np.testing.assert_allclose(
        found.embeddings, arrays(expected["embeddings"]), atol=1e-4
    )
    alone = with_cameras.embed([x[3]], cameras=[2]).embeddings
    np.testing.assert_allclose(alone[0], found.embeddings[3], atol=1e-4)


@neutral
def test_embed_without_cameras_is_that_of_unknown_ones(with_cameras):
    x = images(4)
    unknown = with_cameras.embed(x, cameras=[-1] * 4).embeddings
    np.testing.assert_allclose(
        with_cameras.embed(x).embeddings, unknown, atol=1e-4
    )
    known = with_cameras.embed(x, cameras=[0] * 4).embeddings
    assert np.abs(known - unknown).max(axis=(1, 2)).min() > 0.1
    inference = with_cameras.inference_model()
    assert inference.input_shape == with_cameras.input_shape
    own = {id(v) for v in with_cameras.variables}
    assert all(id(v) in own for v in inference.variables)


@neutral
def test_embed_of_files_takes_the_cameras(with_cameras, tmp_path):
    pictures, paths = images(5, (70, 30)).astype("uint8"), []
    for row, picture in enumerate(pictures):
        paths.append(str(tmp_path / f"{row}.png"))
        Image.fromarray(picture).save(paths[-1])
    batches = ImageBatches(paths, IMAGE_SIZE, batch_size=2)
    np.testing.assert_allclose(
        with_cameras.embed(batches, cameras=CAMERAS[:5]).embeddings,
        with_cameras.embed(pictures, cameras=CAMERAS[:5]).embeddings,
        atol=1e-3,
    )
    with pytest.raises(ValueError, match="There are 5 images"):
        with_cameras.embed(batches, cameras=CAMERAS)
    theirs = ImageBatches(paths, IMAGE_SIZE, 2, cameras=[2, 7, 0, -1, 1])
    np.testing.assert_allclose(
        with_cameras.embed(theirs).embeddings,
        with_cameras.embed(batches, cameras=[2, -1, 0, -1, 1]).embeddings,
        atol=1e-4,
    )
    everyone = with_cameras.embed(theirs, cameras=[0] * 5).embeddings
    np.testing.assert_allclose(
        everyone,
        with_cameras.embed(batches, cameras=[0] * 5).embeddings,
        atol=1e-4,
    )
    other = model_of()
    np.testing.assert_array_equal(
        other.embed(theirs).embeddings, other.embed(batches).embeddings
    )


def test_embed_refuses_cameras_it_does_not_know(with_cameras):
    with pytest.raises(ValueError, match="cameras 0 to 2 apart, received 3"):
        with_cameras.embed(images(2), cameras=[0, 3])
    with pytest.raises(ValueError, match="does not tell cameras apart"):
        model_of().embed(images(2), cameras=[0, 0])


def assert_same(model, other, x):
    mine, theirs = (json.dumps(m.get_config()) for m in (model, other))
    assert mine == theirs
    expected, found = arrays(model(x)), arrays(other(x))
    for name, values in expected.items():
        np.testing.assert_allclose(
            found[name], values, rtol=1e-4, atol=1e-4, err_msg=name
        )


def test_saves_as_one_file(with_cameras, tmp_path):
    with_cameras.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = {"images": images(3), "cameras": CAMERAS[:3]}
    assert_same(with_cameras, loaded, x)


@neutral
def test_saves_as_a_preset(with_cameras, tmp_path):
    with_cameras.save_to_preset(str(tmp_path))
    x = {"images": images(3), "cameras": CAMERAS[:3]}
    loaded = TransReIDBaseline.from_preset(str(tmp_path))
    assert_same(with_cameras, loaded, x)
    other = TransReIDBaseline.from_preset(str(tmp_path), num_identities=7)
    outputs = arrays(other(x))
    assert outputs["global_logits"].shape == (3, 7)
    np.testing.assert_allclose(
        outputs["global"], arrays(with_cameras(x))["global"], atol=1e-4
    )


@neutral
def test_starts_from_a_backbone_preset(tmp_path):
    backbone = randomise(small_vit(image_shape=(*IMAGE_SIZE, 3)))
    backbone.save_to_preset(str(tmp_path))
    model = TransReIDBaseline.from_preset(str(tmp_path), num_identities=4)
    learnt = {v.path: arrays(v) for v in backbone.trainable_variables}
    for path, value in learnt.items():
        np.testing.assert_array_equal(weights(model.backbone)[path], value)


@pytest.mark.nightly
@neutral
def test_exports_without_cameras(with_cameras, tmp_path):
    folder = export_saved_model(with_cameras, tmp_path / "reid" / "1")
    assert check_saved_model(folder, with_cameras) < 1e-4


@pytest.fixture
def mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    keras.config.set_dtype_policy("float32")


@pytest.mark.slow
@neutral
def test_mixed_precision_keeps_what_is_compared_in_float32(mixed_precision):
    model = compile_model(model_of(3, 0.2, num_layers=2), eagerly=EAGERLY)
    assert model.backbone.compute_dtype == "bfloat16"
    assert {v.dtype for v in model.trainable_variables} == {"float32"}
    for name, output in model.output.items():
        assert output.dtype == "float32", name
    x, y = batch()
    x = {"images": x, "cameras": CAMERAS}
    loss = model.fit(x, y, batch_size=6, verbose=0).history["loss"]
    assert np.isfinite(loss).all()


@neutral
def test_round_trip():
    assert_round_trip(
        TransReIDBaseline,
        backbone=vit_small((32, 16), patch_size=8, num_cameras=2),
        num_identities=5,
        term_losses={"global_triplet": PartAveragedTriplet(0.3)},
        loss_weights={"global_identity": 2.0},
        test_embedding="after_neck",
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(32, 16), interpolation="bicubic"
        ),
        name="mine",
    )


@neutral
@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"loss_weights": {"global": 1}}, "does not have 'global'"),
        ({"test_embedding": "neck"}, "`test_embedding` is one of .* 'neck'"),
    ],
)
def test_refuses_switches(switches, message):
    with pytest.raises(ValueError, match=message):
        model_of(**switches)


@neutral
def test_refuses_a_backbone_without_tokens():
    with pytest.raises(ValueError, match="reads the tokens of a ViT"):
        TransReIDBaseline(Pyramid(), 3)


@neutral
def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="label_smothing"):
        model_of(label_smothing=0.1)
