"""HPNet's recipe, on a miniature of its demo's data set."""

import csv
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import hpnet_market1501 as recipe
import keras
import numpy as np
import pytest
import reid_run
from absl import flags
from PIL import Image

import keras_drop as kd
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from tests.models.small import resnet

# `test_occluded_duke.py` runs what recipes share on every backend.
pytestmark = pytest.mark.backend_neutral

RECIPES = Path(recipe.__file__).parent


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pedestrians")
    return Path(render_embedded_pedestrians(folder, "mini", workers=1))


@pytest.fixture(scope="module")
def settings(data_dir, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(kd.models.BACKBONES, "resnet18", resnet)
        yield recipe.Settings(
            data_dir=data_dir,
            parsing_dir=data_dir / "parts",
            label_format="densepose14",
            protocol="embedded_pedestrians",
            run_dir=tmp_path_factory.mktemp("run"),
            extra_data_dir=data_dir,
            switches=json.dumps(
                {
                    "no_part_query": "global",
                    "share_conv5": True,  # Which is traced faster.
                    "seg_warmup_epochs": 1,
                    "mask_threshold": 0.3,  # Masks that are not empty yet.
                }
            ),
            preset="release",
            backbone="resnet18",
            image_size=(64, 32),
            num_identities=4,
            images_each=2,
            num_crops=3,
            epochs=2,
            milestones=(1,),
            evaluate_every=2,
            export=False,
        )


@pytest.fixture(scope="module")
def run(settings):
    """The folder that a run leaves."""
    recipe.main(settings)
    return settings.run_dir


def change(settings, **changes):
    return dataclasses.replace(settings, **changes)


def test_leaves_what_the_recipe_promises(run):
    made = {path.name for path in run.iterdir()}
    assert made >= {
        "card.json",
        "distances.md",
        "metrics.json",
        "part_maps.png",
    }
    summary = json.loads((run / "metrics.json").read_text())
    with open(run / "history.csv") as file:
        history = list(csv.DictReader(file))
    rates = [float(row["learning_rate"]) for row in history]
    assert rates == pytest.approx([0.01, 0.001])
    assert {"identity", "triplet", "parsing", "parsing_only"} <= set(history[0])
    assert all(float(row["parsing_only"]) > 0 for row in history)
    # The first of the two epochs learns from parsing alone.
    assert float(history[0]["identity"]) == 0 < float(history[1]["identity"])
    rows = (run / "distances.md").read_text().splitlines()[2:]
    mean_precision = {
        row.split("|")[1].strip(): float(row.split("|")[5]) for row in rows
    }
    assert list(mean_precision) == [
        "eq. (1)",
        "eq. (1), unmasked for queries without parts",
        "as released",
    ]
    assert mean_precision["eq. (1)"] == pytest.approx(
        100 * summary["metrics"]["mAP"], abs=0.06
    )
    model = kd.load_model(run / "model.keras")
    assert model.alternate_losses and model.seg_norm == "batch"
    assert model.seg_warmup_epochs == 1
    assert int(model.step) == 2 * 2
    optimizer = model.optimizer
    assert (optimizer.l2, optimizer.momentum) == (5e-4, 0.9)
    assert optimizer.multipliers == {"parsing_head|neck": 2.0}


def test_a_run_that_goes_on_has_its_step(settings, run):
    records = reid_run.read_splits(settings)["train"]
    model = recipe.make_model(settings, records)
    model.compile(recipe.make_optimizer(settings))
    assert kd.training.RunCheckpoint(run / "checkpoints").restore(model) == 2
    assert int(model.step) == 4
    expected = kd.load_model(run / "model.keras").optimizer
    velocity = keras.ops.convert_to_numpy(model.optimizer.variables[-1])
    assert velocity.any()
    np.testing.assert_array_equal(
        velocity, keras.ops.convert_to_numpy(expected.variables[-1])
    )


def test_batches_of_the_paper_and_of_the_release(settings):
    records = reid_run.read_splits(settings)["train"]
    fill = [255 * 0.486, 255 * 0.459, 255 * 0.408]
    for preset, hidden in (("paper", False), ("release", True)):
        made = recipe.make_batches(change(settings, preset=preset), records)
        assert len(made) == 2, "eight people, four in a batch"
        images, targets = made[0]
        other = targets["parsing_only"]
        assert images.shape == (8, 64, 32, 3)
        assert other["images"].shape == (3, 64, 32, 3)
        assert other["parsing"].shape == (3, 16, 8, 5)
        pairs = [made[index] for index in range(len(made))]
        for shown in (
            [images for images, _ in pairs],
            [targets["parsing_only"]["images"] for _, targets in pairs],
        ):
            masked = np.isclose(np.array(shown), fill, atol=1e-3).all(axis=-1)
            assert masked.any() == hidden
    made = recipe.make_batches(
        change(settings, epoch_of="images", extra_data_dir=None), records
    )
    assert len(made) > 2 and "parsing_only" not in made[0][1]


def test_people_of_coco_are_read(settings, tmp_path):
    for folder, mode in (("images", "RGB"), ("parts", "L")):
        (tmp_path / folder).mkdir()
        ending = {"RGB": "jpg", "L": "png"}[mode]
        Image.new(mode, (20, 40)).save(tmp_path / folder / f"7_1.{ending}")
    changed = change(settings, crops_dir=tmp_path, extra_data_dir=None)
    crops = recipe.read_crops(changed)
    assert crops.names.tolist() == ["7_1"]
    assert crops.parsing_paths.tolist() == [str(tmp_path / "parts/7_1.png")]


def parsed(*arguments):
    values = flags.FlagValues()
    kd.training.define_flags(recipe.Settings, values)
    values(["recipe", *arguments])
    return kd.training.read_settings(recipe.Settings, values)


def test_flag_files_and_defaults():
    demo = parsed(f"--flagfile={RECIPES / 'hpnet_demo.flags'}")
    assert demo.backbone == "resnet18"
    assert demo.extra_data_dir != demo.data_dir
    paper = parsed("--data_dir=.", "--parsing_dir=.")
    assert paper.num_identities * paper.images_each == 64
    assert (paper.learning_rate, paper.l2, paper.momentum) == (0.01, 5e-4, 0.9)
    assert (paper.epochs, paper.milestones) == (300, (240,))
    assert paper.image_size == (384, 128) and paper.backbone == "resnet50"
    rates = [recipe.learning_rate(paper, epoch) for epoch in (0, 239, 240, 299)]
    assert rates == pytest.approx([0.01, 0.01, 0.001, 0.001])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"preset": "mine"}, "--preset is one of paper, release"),
        ({"epoch_of": "cameras"}, "--epoch_of is one of people, images"),
        ({"crops_dir": Path(".")}, "give one of them"),
        ({"extra_data_dir": Path("nowhere")}, "nowhere does not exist"),
        (
            {"extra_data_dir": None, "crops_dir": Path("nowhere")},
            "--crops_dir=nowhere does not exist",
        ),
    ],
)
def test_wrong_settings_are_refused(settings, changes, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        change(settings, **changes)


def test_wrong_flags_end_with_one_line():
    done = subprocess.run(
        [
            *(sys.executable, recipe.__file__, "--data_dir=."),
            *("--parsing_dir=.", "--preset=mine"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "--preset is one of paper, release" in done.stderr
    assert "Traceback" not in done.stderr
