"""Runs of DPEFormer and its baseline, on a miniature of their data set."""

import csv

import keras
import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop import recipes
from keras_drop.data.occlusions import RandomErasing
from keras_drop.models.backbones import ViTBackbone
from keras_drop.training import BackboneSettings
from keras_drop.training.runs import fitting
from keras_drop.training.runs.report import evaluate
from tests.training.runs.miniature import change, miniature

# `test_run.py` runs what all runs share on every backend.
pytestmark = pytest.mark.backend_neutral


def tiny_vit(image_size, patch_size=16, patch_stride=8, num_cameras=0):
    return ViTBackbone(
        image_shape=(*image_size, 3),
        patch_size=patch_size,
        patch_stride=patch_stride,
        num_cameras=num_cameras,
        hidden_dim=48,
        num_layers=1,
        num_heads=3,
    )


@pytest.fixture(scope="module", autouse=True)
def tiny_vits():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(kd.models.BACKBONES, "vit_small", tiny_vit)
        yield


@pytest.fixture(scope="module")
def run(data_dir, tmp_path_factory):
    return miniature(
        "dpeformer_occluded_duke",
        data_dir,
        tmp_path_factory.mktemp("run"),
        {"selection.k_min": 6},
        backbone=BackboneSettings("vit_small"),
        optimizer={"learning_rate": 0.01},
    )


@pytest.fixture
def baseline(data_dir, tmp_path):
    return miniature(
        "transreid_occluded_duke",
        data_dir,
        tmp_path / "run",
        {"term_losses.global_triplet.margin": 0.3},
        backbone=BackboneSettings("vit_small"),
        fit={"epochs": 1},
    )


@pytest.fixture(scope="module")
def folder(run):
    """The folder that a run leaves."""
    run.start()
    return run.run_dir


def history(folder):
    with open(folder / "history.csv") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_leaves_what_it_promises(folder):
    made = {path.name for path in folder.iterdir()}
    assert made >= {"card.json", "kept_patches.png", "settings.flags"}
    card = kd.evaluation.ResultCard.load(folder / "card.json")
    epochs = history(folder)
    rates = [float(row["learning_rate"]) for row in epochs]
    assert rates == pytest.approx(
        [kd.training.warmup_cosine(k, 0.01, 2, 1) for k in range(2)]
    )
    assert float(epochs[-1]["val_mAP"]) == pytest.approx(
        card.metrics["mAP"], abs=1e-6
    )
    assert {"memory", "occluded_memory", "parts_identity"} <= set(epochs[0])
    model = kd.load_model(folder / "model.keras")
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


def test_a_run_that_goes_on_has_its_memory(run, folder):
    records = run.data.read()["train"]
    model = run.make_model(records)
    model.compile(run.optimizer.build())
    checkpoint = kd.training.RunCheckpoint(folder / "checkpoints")
    assert checkpoint.restore(model) == 2
    expected = kd.load_model(folder / "model.keras").bank.read()
    for restored, written in zip(model.bank.read(), expected):
        np.testing.assert_array_equal(
            *map(keras.ops.convert_to_numpy, (restored, written))
        )
    # Not refused, though nobody filled the memory of this model.
    x, y = run.make_batches(records)[0]
    assert not model.fit(x, y, epochs=2, initial_epoch=2).history


def test_the_memory_is_filled_by_the_training_images_in_test_mode(run):
    splits = run.data.read()
    records = splits["train"]
    model = run.make_model(records)
    run.prepare(model, splits)
    labels = kd.data.identity_labels(records)
    images = kd.data.ImageBatches(records.paths[labels == 2], (64, 32), 64)[0]
    stripes = model.predict(images, verbose=0)["stripes"]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model.bank.read()[0])[2],
        stripes.mean(axis=0),
        rtol=1e-4,
        atol=1e-5,
    )
    lazy = change(run, switches={"selection.k_min": 6, "memory.start": "lazy"})
    model = lazy.make_model(records)
    lazy.prepare(model, splits)
    assert not keras.ops.convert_to_numpy(model.bank.read()[1]).any()


def test_the_release_is_that_of_the_model(run):
    released = change(run, release=True)
    model = released.make_model(run.data.read()["train"])
    assert model.release and model.selection.k_min == 6


@pytest.mark.slow
def test_the_baseline_is_the_class_token(baseline):
    baseline = change(baseline, batches={"occlusions": ("roa:1",)})
    baseline.start()
    model = kd.load_model(baseline.run_dir / "model.keras")
    assert isinstance(model, kd.models.TransReIDBaseline)
    assert model.term_losses["global_triplet"].margin == 0.3
    assert not (baseline.run_dir / "kept_patches.png").exists()
    records = baseline.data.read()["train"]
    images, targets = baseline.make_batches(records)[0]
    assert set(targets) == {"identities"}
    plain = change(baseline, batches={"occlusions": ()})
    whole, _ = plain.make_batches(records)[0]
    assert (images != whole).any(axis=-1).mean() > 0.2


@pytest.mark.slow
def test_the_baseline_learns_cameras_and_is_told_them(baseline):
    run = change(baseline, backbone={"camera_embedding": True}, switches={})
    run.start()
    model = kd.load_model(run.run_dir / "model.keras")
    splits = run.data.read()
    assert model.backbone.num_cameras == splits["train"].cameras.max() + 1
    card, query, _ = evaluate(run, model, splits)
    paths, cameras = splits["query"].paths, splits["query"].cameras
    batches = kd.data.ImageBatches(paths, (64, 32))
    known = model.embed(batches, cameras=cameras).embeddings
    np.testing.assert_allclose(query.embeddings, known, atol=1e-4)
    assert abs(known - model.embed(batches).embeddings).max() > 1e-2
    logged = float(history(run.run_dir)[-1]["val_mAP"])
    assert logged == pytest.approx(card.metrics["mAP"])


def test_cameras_of_other_data_are_not_told(baseline, monkeypatch):
    """Its camera 0 is none of training: told, it would be taken for one."""
    told = []

    def note(*_, know_cameras, **__):
        told.append(know_cameras)
        raise InterruptedError

    note_it = staticmethod(note)
    monkeypatch.setattr(fitting.RetrievalEvaluation, "of_protocol", note_it)
    monkeypatch.setattr("keras_drop.evaluation.embed_splits", note)
    splits = baseline.data.read()
    table = baseline.run_dir.parent / "shop.csv"
    table.touch()
    for test_data in ("", str(table)):
        run = change(baseline, data={"test_data": test_data})
        with pytest.raises(InterruptedError):
            fitting._evaluations(run, None, splits)
        with pytest.raises(InterruptedError):
            evaluate(run, None, splits)
    assert told == [True, True, False, False]


@pytest.mark.parametrize("occlusion", ["roa", "release", "folder"])
def test_the_second_stream_is_occluded(run, tmp_path, occlusion):
    if occlusion == "folder":
        crate = np.full((8, 8, 4), 255, "uint8")
        Image.fromarray(crate, "RGBA").save(tmp_path / "crate.png")
        run = change(run, batches={"occluder_bank": str(tmp_path)})
    elif occlusion == "release":
        run = change(run, release=True)
        (stage,) = run.second_stream()
        assert isinstance(stage, RandomErasing)
    else:
        run = change(run, roa_flip=1.0)
        (stage,) = run.second_stream()
        assert stage.flip == 1.0
    images, targets = run.make_batches(run.data.read()["train"])[0]
    occluded = targets["occluded_images"]
    hidden = (images != occluded).any(axis=-1).mean(axis=(1, 2))
    assert hidden.shape == (8,) and "parsing" not in targets
    if occlusion == "folder":
        # Half to three quarters, in white.
        assert ((hidden > 0.45) & (hidden < 0.8)).all()
        assert (occluded[images != occluded] == 255).all()
    else:
        assert (hidden > 0.03).all()


@pytest.mark.parametrize("occlusion", ["roa", "gaussian_erasing"])
def test_both_streams_are_hidden(run, occlusion):
    run = change(
        run,
        occluded_stream=(occlusion,),
        batches={"occlusions": ("grid_mask:1",), "transforms": ()},
    )
    images, targets = run.make_batches(run.data.read()["train"])[0]
    grey = np.array((0.485, 0.456, 0.406)) * 255
    for image, second in zip(images, targets["occluded_images"], strict=True):
        assert (np.abs(image - grey).max(-1) < 1e-3).any()
        assert (image != second).any()


def test_settings_of_the_demo_and_of_the_paper():
    demo = recipes.find("dpeformer_demo")
    assert demo.backbone.build((128, 64)).token_grid == (16, 8)
    paper = recipes.find("dpeformer_occluded_duke")
    batches, optimizer = paper.batches, paper.optimizer
    assert batches.identities_per_batch * batches.images_per_identity == 64
    assert (optimizer.learning_rate, optimizer.l2) == (0.008, 1e-4)
    assert (paper.fit.epochs, optimizer.optimizer) == (120, "sgd")
    assert recipes.find("transreid_occluded_duke").optimizer == optimizer


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"backbone": {"backbone": "resnet18"}},
            "backbone of dpeformer.*vit_b16",
        ),
        ({"model": "transreid_baseline"}, "`model` is one of 'dpeformer'"),
        ({"backbone": {"camera_embedding": True}}, "not tell cameras apart"),
        ({"occluded_stream": ("mosaic",)}, "'mosaic'"),
        ({"optimizer": {"optimizer": "lion"}}, "`optimizer` is one of"),
        ({"batches": {"occluder_bank": "nowhere"}}, "nowhere, which is not"),
    ],
)
def test_what_cannot_work_is_refused(run, changes, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        change(run, **changes).check()
