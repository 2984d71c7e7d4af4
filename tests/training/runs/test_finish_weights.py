import csv
import types

import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.backend.batch_normalizations import batch_normalizations
from keras_drop.training import CoupledAdam, StepSettings
from keras_drop.training.runs import finish_weights as module
from keras_drop.training.runs.finish_weights import finish_weights
from tests.models.small import IMAGE_SIZE, Pyramid
from tests.training.runs.miniature import change, miniature


@pytest.mark.nightly
def test_what_is_evaluated_in_a_run_is_what_it_leaves(data_dir, tmp_path):
    """The averages: after an epoch, in the card, and in the file."""
    run = miniature(
        "drop_demo",
        data_dir,
        tmp_path,
        {},
        model="global_baseline",
        optimizer={"steps": StepSettings(2, 1.0, 0.9, 0.5)},
        fit={"evaluate_every": 1},
    )
    model = run.start()
    with open(tmp_path / "history.csv") as file:
        last = list(csv.DictReader(file))[-1]
    card = kd.evaluation.ResultCard.load(tmp_path / "card.json")
    assert card.metrics["mAP"] == pytest.approx(float(last["val_mAP"]))
    saved = kd.load_model(tmp_path / "model.keras")
    trained = model.optimizer._model_variables_moving_average
    for average, weight in zip(trained, saved.trainable_variables):
        np.testing.assert_allclose(
            *map(keras.ops.convert_to_numpy, (average, weight)), atol=1e-6
        )


def test_batch_normalisations_are_calibrated(data_dir, tmp_path):
    """Their means are those of the training images, as they are."""
    run = miniature(
        "drop_demo", data_dir, tmp_path, fit={"calibrate_images": 5}
    )
    model = kd.models.GlobalBaseline(Pyramid(), num_identities=3)
    model.compile(CoupledAdam())
    records = run.data.read()["train"]
    *_, frozen = batch_normalizations(model)
    frozen.trainable = False
    before = keras.ops.convert_to_numpy(frozen.moving_mean).copy()
    finish_weights(run, model, records)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(frozen.moving_mean), before
    )
    rows = np.random.default_rng(run.fit.seed).permutation(len(records))[:5]
    images = kd.data.ImageBatches(records.paths[rows], IMAGE_SIZE)[0]
    norm = model.backbone.get_layer("norm2")
    below = keras.Model(model.backbone.input, norm.input)
    seen = below(model.get_layer("normalised")(images))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(norm.moving_mean),
        keras.ops.convert_to_numpy(seen).mean(axis=(0, 1, 2)),
        rtol=1e-3,
        atol=1e-4,
    )


@pytest.mark.backend_neutral
def test_a_run_goes_on_without_broken_files(data_dir, tmp_path, monkeypatch):
    """Also where it looks at training images outside of batches."""
    run = miniature(
        "dpeformer_demo",
        data_dir,
        tmp_path,
        batches={"max_unreadable": 1},
        fit={"calibrate_images": 3},
    )
    records = run.data.read()["train"][:5]
    rows = np.random.default_rng(run.fit.seed).permutation(5)
    broken = rows[1]
    paths = records.paths.copy()
    paths[broken] = tmp_path / "gone.png"
    records = kd.Records(paths, records.identities, records.cameras)

    shown = []
    model = types.SimpleNamespace(
        memory=types.SimpleNamespace(start="mean"),
        input_shape=(None, 64, 32, 3),
        fill_memory=lambda *given: shown.extend(given),
    )
    run.prepare(model, {"train": records})
    whole = np.delete(np.arange(5), broken)
    assert shown[0].paths.tolist() == paths[whole].tolist()
    expected = kd.data.identity_labels(records)[whole]
    assert shown[1].tolist() == expected.tolist()

    def adapt(model, images, keep_frozen):
        assert images.paths.tolist() == paths[rows[[0, 2]]].tolist()
        shown.append(images)

    monkeypatch.setattr(module, "adapt_batch_normalization", adapt)
    finish_weights(run, None, records)
    assert len(shown) == 3
    run = change(run, batches={"max_unreadable": 0})
    with pytest.raises(AssertionError):
        finish_weights(run, None, records)
