"""The demo's recipe, on a miniature of its data set."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import reid_run

import keras_drop as kd
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from recipes import occluded_duke

RECIPE = Path(occluded_duke.__file__)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pedestrians")
    return render_embedded_pedestrians(folder, "mini", workers=1)


@pytest.fixture
def settings(data_dir, tmp_path):
    return occluded_duke.Settings(
        data_dir=Path(data_dir),
        parsing_dir=Path(data_dir) / "parts",
        label_format="densepose14",
        protocol="embedded_pedestrians",
        run_dir=tmp_path / "run",
        switches='{"dpu_channels": 64}',
        part_schema="five",
        backbone="resnet18",
        image_size=(64, 32),
        num_identities=4,
        images_each=2,
        epochs=2,
        warmup_epochs=1,
        pemb_start_epoch=1,
        milestones=(1,),
        evaluate_every=1,
        export=False,
    )


def change(settings, **changes):
    return occluded_duke.dataclasses.replace(settings, **changes)


def test_leaves_what_the_readme_promises(settings, capsys):
    occluded_duke.main(settings)
    folder = settings.run_dir
    made = {path.name for path in folder.iterdir()}
    assert made >= {
        "card.json",
        "checkpoints",
        "history.csv",
        "metrics.json",
        "model.keras",
        "part_maps.png",
        "ranked_lists.png",
        "results.md",
        "tensorboard",
    }
    summary = json.loads((folder / "metrics.json").read_text())
    assert set(summary["metrics"]) == {
        "rank-1",
        "rank-5",
        "rank-10",
        "mAP",
        "mINP",
    }
    assert summary["settings"]["image_size"] == [64, 32]
    assert summary["by_occlusion"]
    with open(folder / "history.csv") as file:
        history = list(csv.DictReader(file))
    assert len(history) == 2
    last = float(history[-1]["val_mAP"])
    assert last == pytest.approx(summary["metrics"]["mAP"], abs=1e-6)
    assert "part_compactness" in history[0]
    assert str(folder) in capsys.readouterr().out

    model = keras.saving.load_model(folder / "model.keras")
    assert model.dpu_channels == 64
    splits = kd.datasets.read_occluded_duke(settings.data_dir)
    again, _, _ = reid_run.evaluate(settings, model, splits)
    assert again.metrics["mAP"] == pytest.approx(last, abs=1e-4)
    card = kd.evaluation.ResultCard.load(folder / "card.json")
    assert card.metrics["mAP"] == pytest.approx(last, abs=1e-6)
    assert card.protocol.name == "embedded_pedestrians"
    assert card.model.switches["dpu_channels"] == 64


@pytest.mark.backend_neutral
def test_a_stopped_run_goes_on(settings):
    whole = change(settings, run_dir=settings.run_dir / "whole")
    occluded_duke.main(whole)
    part = change(settings, run_dir=settings.run_dir / "part", epochs=1)
    occluded_duke.main(part)
    occluded_duke.main(change(part, epochs=2))
    a, b = (
        keras.saving.load_model(s.run_dir / "model.keras")
        for s in (whole, part)
    )
    for x, y in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(x),
            keras.ops.convert_to_numpy(y),
            rtol=1e-3,
            atol=1e-4,
            err_msg=x.path,
        )


@pytest.mark.backend_neutral
@pytest.mark.parametrize("model", ["global", "bpbreid"])
def test_the_other_models(settings, model):
    occluded_duke.main(change(settings, model=model, switches="{}", epochs=1))
    summary = json.loads((settings.run_dir / "metrics.json").read_text())
    assert summary["settings"]["model"] == model


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--data_dir=nowhere"], "--data_dir=nowhere does not exist"),
        (["--data_dri=x"], "Unknown command line flag 'data_dri'"),
    ],
)
@pytest.mark.backend_neutral
def test_wrong_flags_end_with_one_line(flags, message):
    done = subprocess.run(
        [sys.executable, RECIPE, *flags], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data_dir": None}, "--data_dir is missing"),
        ({"switches": "{ppe}"}, "--switches is not JSON"),
        ({"backbone": "vgg"}, "--backbone is one of .*; got 'vgg'"),
        ({"model": "pcb"}, "--model is one of .*; got 'pcb'"),
        ({}, "--parsing_dir is missing"),
        ({"label_format": "stripe"}, "--parsing_dir is missing"),
    ],
)
@pytest.mark.backend_neutral
def test_wrong_settings_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        occluded_duke.Settings(**{"data_dir": Path("."), **arguments})


@pytest.mark.backend_neutral
def test_help_explains_each_setting():
    done = subprocess.run(
        [sys.executable, RECIPE, "--help"], capture_output=True, text=True
    )
    for field in occluded_duke.dataclasses.fields(occluded_duke.Settings):
        assert f"--{field.name}" in done.stdout.replace("[no]", "")
        assert field.metadata["help"].split()[0] in done.stdout
