"""DPEFormer's recipe, on a miniature of its demo's data set."""

import csv
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import dpeformer_occluded_duke as recipe
import keras
import numpy as np
import pytest
import reid_run
from absl import flags
from PIL import Image

import keras_drop as kd
from keras_drop.data.occlusions import RandomErasing
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.models.backbones import ViTBackbone

RECIPES = Path(recipe.__file__).parent


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pedestrians")
    return Path(render_embedded_pedestrians(folder, "mini", workers=1))


def tiny_vit(image_size, patch_size, patch_stride, num_cameras):
    return ViTBackbone(
        image_shape=(*image_size, 3),
        patch_size=patch_size,
        patch_stride=patch_stride,
        num_cameras=num_cameras,
        hidden_dim=48,
        num_layers=1,
        num_heads=3,
    )


@pytest.fixture(scope="module")
def settings(data_dir, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(kd.models.BACKBONES, "vit_small", tiny_vit)
        yield recipe.Settings(
            data_dir=data_dir,
            protocol="embedded_pedestrians",
            run_dir=tmp_path_factory.mktemp("run"),
            switches='{"k_min": 6}',
            backbone="vit_small",
            image_size=(64, 32),
            num_identities=4,
            images_each=2,
            epochs=2,
            warmup_epochs=1,
            evaluate_every=2,
            patch_stride=8,
            learning_rate=0.01,
            export=False,
        )


@pytest.fixture(scope="module")
def run(settings):
    """The folder that a run leaves."""
    recipe.main(settings)
    return settings.run_dir


def test_leaves_what_the_recipe_promises(run):
    made = {path.name for path in run.iterdir()}
    assert made >= {"card.json", "kept_patches.png", "metrics.json"}
    summary = json.loads((run / "metrics.json").read_text())
    with open(run / "history.csv") as file:
        history = list(csv.DictReader(file))
    rates = [float(row["learning_rate"]) for row in history]
    assert rates == pytest.approx(
        [kd.training.warmup_cosine(k, 0.01, 2, 1) for k in range(2)]
    )
    assert float(history[-1]["val_mAP"]) == pytest.approx(
        summary["metrics"]["mAP"], abs=1e-6
    )
    assert {"memory", "occluded_memory", "parts_identity"} <= set(history[0])
    model = kd.load_model(run / "model.keras")
    assert model.backbone.token_grid == (7, 3)
    optimizer = model.optimizer
    assert (optimizer.l2, optimizer.momentum) == (1e-4, 0.9)
    biases = [
        factor
        for variable, factor in zip(
            model.trainable_variables, optimizer._factors
        )
        if variable.name in ("bias", "beta")
    ]
    assert biases and set(biases) == {2.0}


def test_a_run_that_goes_on_has_its_memory(settings, run):
    records = reid_run.read_splits(settings)["train"]
    model = recipe.make_model(settings, records)
    model.compile(recipe.make_optimizer(settings))
    checkpoint = kd.training.RunCheckpoint(run / "checkpoints")
    assert checkpoint.restore(model) == 2
    expected = kd.load_model(run / "model.keras").memory.read()
    for restored, written in zip(model.memory.read(), expected):
        np.testing.assert_array_equal(
            *map(keras.ops.convert_to_numpy, (restored, written))
        )
    # Not refused, though nobody filled the memory of this model.
    x, y = recipe.make_batches(settings, records)[0]
    assert not model.fit(x, y, epochs=2, initial_epoch=2).history


@pytest.mark.backend_neutral
def test_the_memory_is_filled_by_the_training_images_in_test_mode(settings):
    splits = reid_run.read_splits(settings)
    records = splits["train"]
    model = recipe.make_model(settings, records)
    recipe.fill_memory(model, splits)
    labels = kd.data.identity_labels(records)
    images = kd.data.ImageBatches(records.paths[labels == 2], (64, 32), 64)[0]
    stripes = model.predict(images, verbose=0)["stripes"]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model.memory.read()[0])[2],
        stripes.mean(axis=0),
        rtol=1e-4,
        atol=1e-5,
    )
    lazy = dataclasses.replace(
        settings, switches='{"k_min": 6, "bank_init": "lazy"}'
    )
    model = recipe.make_model(lazy, records)
    recipe.fill_memory(model, splits)
    assert not keras.ops.convert_to_numpy(model.memory.read()[1]).any()


@pytest.mark.backend_neutral
def test_the_release_is_the_preset_of_the_model(settings):
    settings = dataclasses.replace(settings, preset="release")
    records = reid_run.read_splits(settings)["train"]
    config = recipe.make_model(settings, records).get_config()
    assert kd.models.DPEFORMER_RELEASE.items() <= config.items()
    assert config["k_min"] == 6


def test_the_baseline_is_the_class_token(settings, tmp_path):
    settings = dataclasses.replace(
        settings,
        model="baseline",
        switches='{"triplet_margin": 0.3}',
        occlusions=("roa:1",),
        run_dir=tmp_path,
        epochs=1,
    )
    recipe.main(settings)
    model = kd.load_model(tmp_path / "model.keras")
    assert isinstance(model, kd.models.TransReIDBaseline)
    assert model.triplet_margin == 0.3
    assert not (tmp_path / "kept_patches.png").exists()
    records = reid_run.read_splits(settings)["train"]
    images, targets = recipe.make_batches(settings, records)[0]
    assert set(targets) == {"identities"}
    plain = dataclasses.replace(settings, occlusions=())
    whole, _ = recipe.make_batches(plain, records)[0]
    assert (images != whole).any(axis=-1).mean() > 0.2


def test_the_baseline_learns_cameras_and_is_told_them(settings, tmp_path):
    settings = dataclasses.replace(
        settings,
        model="baseline",
        switches="{}",
        camera_embedding=True,
        run_dir=tmp_path,
        epochs=1,
    )
    recipe.main(settings)
    model = kd.load_model(tmp_path / "model.keras")
    splits = reid_run.read_splits(settings)
    assert model.backbone.num_cameras == splits["train"].cameras.max() + 1
    card, query, _ = reid_run.evaluate(settings, model, splits)
    paths, cameras = splits["query"].paths, splits["query"].cameras
    batches = kd.data.ImageBatches(paths, settings.image_size)
    known = model.embed(batches, cameras=cameras).embeddings
    np.testing.assert_allclose(query.embeddings, known, atol=1e-4)
    assert abs(known - model.embed(batches).embeddings).max() > 1e-2
    with open(tmp_path / "history.csv") as file:
        logged = list(csv.DictReader(file))[-1]
    assert float(logged["val_mAP"]) == pytest.approx(card.metrics["mAP"])


@pytest.mark.backend_neutral
@pytest.mark.parametrize("occlusion", ["roa", "release", "folder"])
def test_the_second_stream_is_occluded(settings, tmp_path, occlusion):
    if occlusion == "folder":
        crate = np.full((8, 8, 4), 255, "uint8")
        Image.fromarray(crate, "RGBA").save(tmp_path / "crate.png")
        settings = dataclasses.replace(settings, occluder_bank=str(tmp_path))
    elif occlusion == "release":
        settings = dataclasses.replace(settings, preset="release")
        (stage,) = recipe.make_stream(settings)
        assert isinstance(stage, RandomErasing)
    else:
        settings = dataclasses.replace(settings, roa_flip=1.0)
        (stage,) = recipe.make_stream(settings)
        assert stage.flip == 1.0
    splits = reid_run.read_splits(settings)
    images, targets = recipe.make_batches(settings, splits["train"])[0]
    occluded = targets["occluded_images"]
    hidden = (images != occluded).any(axis=-1).mean(axis=(1, 2))
    assert hidden.shape == (8,) and "parsing" not in targets
    if occlusion == "folder":
        # Half to three quarters, in white.
        assert ((hidden > 0.45) & (hidden < 0.8)).all()
        assert (occluded[images != occluded] == 255).all()
    else:
        assert (hidden > 0.03).all()


def parsed(path):
    values = flags.FlagValues()
    kd.training.define_flags(recipe.Settings, values)
    values(["recipe", "--data_dir=.", f"--flagfile={path}"])
    return kd.training.read_settings(recipe.Settings, values)


@pytest.mark.backend_neutral
def test_adam_for_training_from_scratch(settings):
    settings = dataclasses.replace(settings, optimizer="adam", l2=3e-4)
    optimizer = recipe.make_optimizer(settings)
    assert isinstance(optimizer, kd.training.CoupledAdam)
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert optimizer.l2 == 3e-4


@pytest.mark.backend_neutral
def test_settings_of_the_demo_and_of_the_paper():
    demo = parsed(RECIPES / "dpeformer_demo.flags")
    assert demo.backbone == "vit_small"
    paper = recipe.Settings(data_dir=Path("."))
    assert paper.num_identities * paper.images_each == 64
    assert (paper.learning_rate, paper.l2, paper.epochs) == (0.008, 1e-4, 120)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backbone": "resnet18"}, "has no patches"),
        ({"model": "jigsaw"}, "--model is one of dpeformer, baseline"),
        ({"model": "baseline", "preset": "release"}, "baseline has no preset"),
        ({"camera_embedding": True}, "not tell cameras apart"),
        ({"preset": "draft"}, "--preset is one of paper, release"),
        ({"occluded_stream": ("mosaic",)}, r"--occluded_stream: .*'mosaic'"),
        ({"optimizer": "lion"}, "--optimizer is one of sgd, adam"),
        ({"occluder_bank": "nowhere"}, "nowhere does not exist"),
    ],
)
@pytest.mark.backend_neutral
def test_wrong_settings_are_refused(settings, changes, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        dataclasses.replace(settings, **changes)


@pytest.mark.backend_neutral
def test_wrong_flags_end_with_one_line():
    done = subprocess.run(
        [sys.executable, recipe.__file__, "--data_dir=.", "--preset=x"],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "--preset is one of paper" in done.stderr
    assert "Traceback" not in done.stderr
