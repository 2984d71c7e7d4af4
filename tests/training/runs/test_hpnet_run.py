"""HPNet's run, on a miniature of its demo's data set."""

import csv
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop import recipes
from keras_drop.training import PeopleToParse
from tests.training.runs.miniature import change, miniature

# `test_run.py` runs what all runs share on every backend.
pytestmark = pytest.mark.backend_neutral


@pytest.fixture(scope="module")
def run(data_dir, tmp_path_factory):
    return miniature(
        "hpnet_market1501",
        data_dir,
        tmp_path_factory.mktemp("run"),
        {
            "no_part_query": "global",
            "share_last_stage": True,  # Which is traced faster.
            "parsing_epochs": 1,
            "masks.threshold": 0.3,  # Masks that are not empty yet.
        },
        optimizer={"warmup_epochs": 0},
        release=True,
        people=PeopleToParse(num_crops=3, extra_data_dir=data_dir),
    )


@pytest.fixture(scope="module")
def folder(run):
    """The folder that a run leaves."""
    run.start()
    return run.run_dir


@pytest.mark.slow
def test_leaves_what_it_promises(folder):
    made = {path.name for path in folder.iterdir()}
    assert made >= {"card.json", "distances.md", "part_maps.png"}
    card = kd.evaluation.ResultCard.load(folder / "card.json")
    with open(folder / "history.csv") as file:
        history = list(csv.DictReader(file))
    rates = [float(row["learning_rate"]) for row in history]
    assert rates == pytest.approx([0.01, 0.001])
    assert {"identity", "triplet", "parsing", "parsing_only"} <= set(history[0])
    assert all(float(row["parsing_only"]) > 0 for row in history)
    # The first of the two epochs learns from parsing alone.
    assert float(history[0]["identity"]) == 0 < float(history[1]["identity"])
    rows = (folder / "distances.md").read_text().splitlines()[2:]
    mean_precision = {
        row.split("|")[1].strip(): float(row.split("|")[5]) for row in rows
    }
    assert list(mean_precision) == [
        "eq. (1)",
        "eq. (1), unmasked for queries without parts",
        "as released",
    ]
    assert mean_precision["eq. (1)"] == pytest.approx(
        100 * card.metrics["mAP"], abs=0.06
    )
    model = kd.load_model(folder / "model.keras")
    assert model.release and model.parsing_epochs == 1
    assert model.masks.threshold == 0.3
    assert int(model.step) == 2 * 2
    optimizer = model.optimizer
    assert (optimizer.l2, optimizer.momentum) == (5e-4, 0.9)
    assert optimizer.multipliers == {"parsing_head|neck": 2.0}


def test_a_run_that_goes_on_has_its_step(run, folder):
    model = run.make_model(run.data.read()["train"])
    model.compile(run.optimizer.build())
    assert kd.training.RunCheckpoint(folder / "checkpoints").restore(model) == 2
    assert int(model.step) == 4
    expected = kd.load_model(folder / "model.keras").optimizer
    velocity = keras.ops.convert_to_numpy(model.optimizer.variables[-1])
    assert velocity.any()
    np.testing.assert_array_equal(
        velocity, keras.ops.convert_to_numpy(expected.variables[-1])
    )


def test_batches_of_the_paper_and_of_the_release(run):
    records = run.data.read()["train"]
    fill = [255 * 0.486, 255 * 0.459, 255 * 0.408]
    for release in (False, True):
        made = change(run, release=release).make_batches(records)
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
            assert masked.any() == release
    made = change(
        run, batches={"epoch_of": "images"}, people=PeopleToParse()
    ).make_batches(records)
    assert len(made) > 2 and "parsing_only" not in made[0][1]


def test_goes_on_without_a_broken_image_of_other_people(
    run, data_dir, tmp_path
):
    crops = shutil.copytree(data_dir, tmp_path / "crops")
    broken = sorted((crops / "bounding_box_train").iterdir())[5]
    broken.write_bytes(b"")
    people = PeopleToParse(num_crops=64, extra_data_dir=crops)
    batches = change(
        run, people=people, batches={"max_unreadable": 1}
    ).make_batches(run.data.read()["train"])
    _, targets = batches[0]
    assert targets["parsing_only"]["images"].any(axis=(1, 2, 3)).all()


def test_people_of_coco_are_read(tmp_path):
    for folder, mode in (("images", "RGB"), ("parts", "L")):
        (tmp_path / folder).mkdir()
        ending = {"RGB": "jpg", "L": "png"}[mode]
        Image.new(mode, (20, 40)).save(tmp_path / folder / f"7_1.{ending}")
    crops = PeopleToParse(crops_dir=tmp_path).read()
    assert crops.names.tolist() == ["7_1"]
    assert crops.parsing_paths.tolist() == [str(tmp_path / "parts/7_1.png")]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"people": {"crops_dir": Path(".")}}, "give one of them"),
        ({"people": {"extra_data_dir": Path("no")}}, "`extra_data_dir` is no,"),
        (
            {"people": {"extra_data_dir": None, "crops_dir": Path("no")}},
            "`crops_dir` is no,",
        ),
        ({"model": "drop"}, "`model` is one of 'hpnet'"),
        ({"people": {"crops_format": "png70"}}, "Did you mean 'png7'"),
        (
            {"switches": {"masks.label_reduction": "nearest"}},
            "say `label_reduction` of the run",
        ),
        ({"people": {"num_crops": 0}}, "`num_crops` is at least 1"),
    ],
)
def test_what_cannot_work_is_refused(run, changes, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        change(run, **changes).check()


def test_settings_of_the_demo_and_of_the_paper():
    demo = recipes.find("hpnet_demo")
    assert demo.backbone.backbone == "resnet18"
    assert demo.people.extra_data_dir != demo.data.folder
    paper = recipes.find("hpnet_market1501")
    batches, optimizer = paper.batches, paper.optimizer
    assert batches.identities_per_batch * batches.images_per_identity == 64
    assert (optimizer.l2, optimizer.momentum) == (5e-4, 0.9)
    assert paper.fit.epochs == 300 and paper.backbone.backbone == "resnet50"
    assert batches.image_size == (384, 128) and batches.epoch_of == "people"
    rates = [optimizer.rate(epoch, 300) for epoch in (0, 239, 240, 299)]
    assert rates == pytest.approx([0.01, 0.01, 0.001, 0.001])
