"""PAB-ReID's recipe, on a miniature of its data set."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from recipes import pab_reid_occluded_duke

# `test_occluded_duke.py` runs what recipes share on every backend.
pytestmark = pytest.mark.backend_neutral

RECIPE = Path(pab_reid_occluded_duke.__file__)


@pytest.fixture
def settings(tmp_path):
    data_dir = Path(
        render_embedded_pedestrians(tmp_path / "data", "mini", workers=1)
    )
    return pab_reid_occluded_duke.Settings(
        data_dir=data_dir,
        parsing_dir=data_dir / "parts",
        label_format="densepose14",
        protocol="embedded_pedestrians",
        run_dir=tmp_path / "run",
        switches='{"fgff_channels": 16, "part_triplet": "head_weighted"}',
        part_schema="five",
        backbone="resnet18",
        image_size=(64, 32),
        num_identities=4,
        images_each=2,
        epochs=2,
        warmup_epochs=1,
        milestones=(1,),
        mu=(0.25, 0.4),
        export=False,
    )


def test_leaves_a_model_and_what_other_thresholds_give(settings, capsys):
    pab_reid_occluded_duke.main(settings)
    folder = settings.run_dir
    summary = json.loads((folder / "metrics.json").read_text())
    assert summary["settings"]["milestones"] == [1]
    model = keras.saving.load_model(folder / "model.keras")
    assert model.fgff_channels == 16
    assert model.part_weights == (1.5, 1, 1, 1, 1)
    rows = (folder / "visibility.md").read_text()
    assert rows in capsys.readouterr().out + "\n"
    mean_precision = {
        line.split("|")[1].strip(): float(line.split("|")[5])
        for line in rows.splitlines()[2:]
    }
    assert list(mean_precision) == ["continuous", "mu = 0.25", "mu = 0.4"]
    assert mean_precision["mu = 0.4"] == pytest.approx(
        100 * summary["metrics"]["mAP"], abs=0.06
    )


def test_demo_flags_are_those_of_the_recipe():
    """Each names a setting, and few are not the demo's."""
    demo, own = (
        dict(
            line.removeprefix("--").split("=", 1)
            for line in (RECIPE.parent / name).read_text().splitlines()
            if line.startswith("--")
        )
        for name in ("demo.flags", "pab_reid_demo.flags")
    )
    names = {
        field.name
        for field in dataclasses.fields(pab_reid_occluded_duke.Settings)
    }
    assert own.keys() <= names
    differ = {name for name in demo | own if demo.get(name) != own.get(name)}
    assert differ == {"run_dir", "switches", "pemb_start_epoch"}


def test_wrong_flags_end_with_one_line():
    done = subprocess.run(
        [sys.executable, RECIPE, "--data_dir=.", "--mu=0.4,high"],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "--mu: 'high' is not float" in done.stderr
    assert "Traceback" not in done.stderr
