"""What all runs share, by the demo on a miniature of its data set."""

import csv
import dataclasses
import json
import re
import sys

import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.flags import flag_file, read_flags
from keras_drop.training import Run, RunCheckpoint
from keras_drop.training.runs import fitting, run_watch
from keras_drop.training.runs.report import evaluate
from tests.testing import SLOW_NIGHTLY_ON_JAX
from tests.training.runs.miniature import change, miniature

neutral = pytest.mark.backend_neutral


@pytest.fixture
def run(data_dir, tmp_path):
    return miniature(
        "drop_demo",
        data_dir,
        tmp_path / "run",
        {
            "parsing_map.channels": 64,
            "memory.kind": "queue",
            "memory.start_epoch": 1,
            "loss_weights.parsing": 2.0,
        },
        fit={"evaluate_every": 1},
    )


def history(run):
    with open(run.run_dir / "history.csv") as file:
        return list(csv.DictReader(file))


@SLOW_NIGHTLY_ON_JAX
def test_leaves_what_the_readme_promises(run, capsys):
    run.start()
    folder = run.run_dir
    made = {path.name for path in folder.iterdir()}
    assert made == {
        "card.json",
        "checkpoints",
        "explanations.html",
        "history.csv",
        "model.keras",
        "part_maps.png",
        "ranked_lists.png",
        "results.md",
        "settings.flags",
        "tensorboard",
    }
    card = kd.evaluation.ResultCard.load(folder / "card.json")
    assert card.protocol.name == "embedded_pedestrians"
    assert card.model.switches["parsing_map.channels"] == 64
    assert card.model.switches["loss_weights.parsing"] == 2.0
    assert card.model.seed == 1
    told = card.model.run
    assert told["seconds"] > 0 and "--model=drop" in told["settings"]
    assert told["command"].startswith("keras-drop train --model=drop ")
    assert told["machine"]["cores"] > 0 and len(told["training_images"]) == 16
    assert told["joules"].keys() == {"processors", "gpus"}
    boards = (folder / "tensorboard").glob("events*")
    assert any(b"training_images" in file.read_bytes() for file in boards)
    readable = json.loads((folder / "card.json").read_text())
    assert readable["metrics"]["mAP"] == card.metrics["mAP"]
    results = (folder / "results.md").read_text()
    assert "| DROP   | 30-40 % " in results
    assert "Parts of the queries:" in results and "| **all**" in results
    assert "(explanations.html)" in results
    why = (folder / "explanations.html").read_text()
    assert why.count("<section>") == 8 and why.count("<li>") == 8 * 5
    assert why.count(">right<") + why.count(">wrong<") == 8 * 5
    epochs = history(run)
    assert len(epochs) == 2
    parts = told["parts"]
    assert parts["images"] == 12 and len(parts["each"]) == 5
    for name in ("mask_iou", "visible_right", "hidden_right"):
        last = float(epochs[-1][f"val_{name}"])
        assert last == pytest.approx(parts[name], abs=1e-3)
    last = float(epochs[-1]["val_mAP"])
    assert last == pytest.approx(card.metrics["mAP"], abs=1e-6)
    assert "part_compactness" in epochs[0]
    assert str(folder) in capsys.readouterr().out

    model = keras.saving.load_model(folder / "model.keras")
    assert model.parsing_map.channels == 64
    splits = kd.datasets.read_occluded_duke(run.data.folder)
    again, _, _ = evaluate(run, model, splits)
    assert again.metrics["mAP"] == pytest.approx(last, abs=1e-4)


class WithCentres(kd.models.GlobalBaseline):
    """A model of a user, with one term more."""

    DEFAULT_LOSS_WEIGHTS = {
        **kd.models.GlobalBaseline.DEFAULT_LOSS_WEIGHTS,
        "centres": 0.25,
    }

    def loss_terms(self, targets, outputs, training):
        terms = super().loss_terms(targets, outputs, training)
        embeddings = outputs["embeddings"][:, 0]
        terms["centres"] = 3.0 + 0.0 * keras.ops.sum(embeddings, axis=-1)
        return terms


class RunWithCentres(Run):
    """The run of that model."""

    def make_model(self, records):
        backbone = self.backbone.build(self.batches.image_size)
        return WithCentres(backbone, len(np.unique(records.identities)))


@pytest.mark.slow
def test_a_term_appears_wherever_terms_do_by_being_returned(
    run, capsys, monkeypatch
):
    fields = {f.name: getattr(run, f.name) for f in dataclasses.fields(Run)}
    run = RunWithCentres(
        **{**fields, "model": "global_baseline", "switches": {}}
    )
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    model = run.start()
    epochs = history(run)
    assert [float(row["centres"]) for row in epochs] == pytest.approx([3, 3])
    for row in epochs:
        weights = {n: w for n, w in model.loss_weights.items() if w}
        terms = [float(row[name]) for name in weights]
        expected = np.dot(terms, list(weights.values()))
        assert float(row["loss"]) == pytest.approx(expected, rel=1e-4)
    shown = capsys.readouterr().out
    assert "- centres: 3.0000 -" in shown, "progress bar"
    assert re.search("epoch 2/2, .*centres 3,", shown), "line of an epoch"
    assert "epoch_centres" in tags(run.run_dir / "tensorboard")


def tags(folder):
    """Names of what TensorBoard shows."""
    from tensorboard.backend.event_processing import event_accumulator

    found = event_accumulator.EventAccumulator(str(folder / "train")).Reload()
    return found.Tags()["tensors"] + found.Tags()["scalars"]


@neutral
def test_without_tensorboard_it_trains_as_well(run, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert fitting._tensorboard(run.run_dir) == []


@neutral
def test_its_flag_file_is_the_run_again(run):
    file = run.run_dir.parent / "settings.flags"
    file.write_text(flag_file(run))
    again = read_flags(Run(), [f"--flagfile={file}"])
    as_texts = {name: str(value) for name, value in run.switches.items()}
    assert again == dataclasses.replace(run, switches=as_texts)


@pytest.mark.slow
@neutral
def test_a_stopped_run_goes_on(run, capsys):
    # `test_run_checkpoint.py` has a memory bank.
    run = change(run, model="global_baseline", switches={})
    whole = change(run, run_dir=run.run_dir / "whole")
    part = change(run, run_dir=run.run_dir / "part", fit={"epochs": 1})
    a = whole.start()
    part.start()
    b = change(part, fit={"epochs": 2}).start()
    assert "Going on after epoch 1." in capsys.readouterr().out
    assert [row["epoch"] for row in history(part)] == ["0", "1"]
    for x, y in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(x),
            keras.ops.convert_to_numpy(y),
            rtol=1e-3,
            atol=1e-4,
            err_msg=x.path,
        )
    # A finished run that is started again has nothing left to do.
    assert RunCheckpoint(whole.run_dir / "checkpoints").restore(a) == 2


@pytest.mark.slow
@neutral
@pytest.mark.parametrize("model", ["global_baseline", "bpbreid"])
def test_the_other_models(run, model):
    """The baseline reads labels as well, only to cut people out."""
    run = change(
        run,
        model=model,
        switches={},
        batches={"occlusions": ("person:1",)},
        fit={"epochs": 1},
    )
    trained = run.start()
    assert isinstance(trained, kd.models.MODELS[model])
    assert (run.run_dir / "part_maps.png").exists() == run.has_parts


@pytest.mark.nightly
@neutral
def test_thresholds_are_fitted_on_people_who_are_not_learnt(run):
    run = change(
        run,
        model="bpbreid",
        switches={},
        data={"validation_people": 3},
        fit={"epochs": 1, "fit_visibility": True},
    )
    model = run.start()
    assert model.num_identities == 5 and model.visibility.rule == "margin"
    assert len(model.visibility.threshold) == 5
    stored = kd.load_model(run.run_dir / "model.keras")
    assert stored.visibility == model.visibility
    (epoch,) = history(run)
    for name in ("mask_iou", "visible_right", "mAP", "rank-1"):
        assert 0 <= float(epoch[f"validation_{name}"]) <= 1
    assert "val_mAP" in epoch and "val_mask_iou" not in epoch
    table = (run.run_dir / "thresholds.md").read_text()
    assert f"{model.visibility.threshold[0]:.3f}" in table


@neutral
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": {"data": ""}}, "`data` is missing: NAME:FOLDER"),
        ({"data": {"data": "market1501"}}, "It is NAME:FOLDER"),
        ({"data": {"data": "occluded_dukes:x"}}, "'occluded_dukes'"),
        ({"data": {"data": "market1501:no"}}, "`data` is no, which is not"),
        ({"data": {"parsing_dir": None}}, "`parsing_dir` is missing"),
        ({"data": {"protocol": "duke"}}, "'duke'"),
        (
            {
                "model": "global_baseline",
                "switches": {},
                "batches": {"occlusions": ("person:0.5",)},
                "data": {"parsing_dir": None},
            },
            "`parsing_dir` is missing",
        ),
        (
            {
                "batches": {"occlusions": ("person:0.5",)},
                "data": {"label_format": "stripes", "part_schema": "stripes_5"},
            },
            "which shows nobody's outline",
        ),
        ({"model": "dorp"}, "`model` is one of .*Did you mean 'drop'"),
        ({"switches": {"memory.sise": 3}}, "Did you mean 'memory.size'"),
        ({"switches": {"part_schema": "eight"}}, "say `part_schema` of the"),
        ({"switches": {"memory.size": "big"}}, "`memory.size` is 'big'"),
        (
            {"switches": {"memory.kind": "queue", "memory.start_epoch": 2}},
            "start_epoch` is 2, but `epochs` is 2, .*8.3%",
        ),
        ({"backbone": {"backbone": "resnet19"}}, "Did you mean 'resnet18'"),
        (
            {"backbone": {"backbone": "vit_small"}},
            "backbone of drop.*hrnet_w32",
        ),
        ({"fit": {"precision": "float8"}}, "`precision` is one of"),
        ({"fit": {"fit_visibility": True}}, "set `validation_people`"),
        (
            {
                "backbone": {"backbone": "resnet50"},
                "batches": {"image_size": (100, 50)},
            },
            "multiples of 32, received",
        ),
        ({"backbone": {"weights": "no.pth"}}, "neither a file that is there"),
        (
            {"backbone": {"freeze_stages": 2, "thaw_epochs": (1, 2)}},
            r"are \(1, 2\), but `epochs` is 2",
        ),
        (
            {
                "model": "global_baseline",
                "switches": {},
                "fit": {"fit_visibility": True},
            },
            "is for models with parts",
        ),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_read(
    run, changes, message
):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        change(run, **changes).start()
    assert not run.run_dir.exists()


@neutral
def test_labels_of_another_kind_of_file_are_refused(run):
    run = change(run, data={"label_format": "pifpaf36"})
    records = change(run, data={"label_format": "densepose14"}).data.read()
    message = (
        r"\.png is a .png file; labels of the `label_format` 'pifpaf36' are "
        r"\.npy files. Say .*: densepose14, .*custom\."
    )
    with pytest.raises(ValueError, match=message):
        run.make_batches(records["train"])


@neutral
def test_a_tracker_is_there_before_anything_is_read(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ImportError, match=r"'keras_drop\[wandb\]'"):
        change(run, fit={"tracker": "wandb"}).start()
    assert not run.run_dir.exists()


@neutral
def test_the_tracker_hears_of_a_run_that_fails(run, monkeypatch):
    told = []

    class Tracker:
        def fail(self):
            told.append("failed")

    monkeypatch.setattr(run_watch, "ExperimentTracker", lambda *_: Tracker())
    run = change(run, fit={"tracker": "mlflow"})
    with (
        pytest.raises(ZeroDivisionError),
        run_watch.watching(run, True) as watch,
    ):
        assert watch.tracker is watch.callbacks[-1]
        assert 1 / 0
    assert told == ["failed"]
    with run_watch.watching(run, True), run_watch.watching(run, False) as none:
        assert none is None
    assert told == ["failed"]


@neutral
def test_stripes_take_the_place_of_labels(run):
    run = change(run, data={"parsing_dir": None, "label_format": "stripes"})
    run.check()
    records = run.data.read()["train"]
    _, targets = run.make_batches(records)[0]
    assert targets["parsing"].shape == (8, 16, 8, 6)


@neutral
def test_a_data_set_without_training_images(run, monkeypatch):
    known = kd.datasets.DATA_SETS["embedded_pedestrians"]
    splits = known.read(run.data.folder)
    del splits["train"]
    monkeypatch.setitem(
        kd.datasets.DATA_SETS,
        known.name,
        dataclasses.replace(known, read=lambda *_: splits),
    )
    with pytest.raises(ValueError, match="has no images to train on"):
        run.data.read()
