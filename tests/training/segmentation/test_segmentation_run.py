"""The run that makes parsing labels, on miniatures of its data sets."""

import csv
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop.flags import read_flags
from keras_drop.training import CheckpointSettings, SegmentationRun
from keras_drop.training.segmentation import segmentation_run
from keras_drop.training.segmentation.segmentation_report import (
    compare,
    overlap_table,
)
from keras_drop.training.segmentation.segmentation_settings import (
    NetworkSettings,
    PeopleToLabel,
    PeopleToLearn,
    SegmentationFitSettings,
)
from tests.training.runs.miniature import change

neutral = pytest.mark.backend_neutral


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A run whose two data sets are drawn."""
    folder = tmp_path_factory.mktemp("pedestrians")
    run = SegmentationRun(
        PeopleToLearn(
            folder / "learn", folder / "learn/parts", folders=("query",)
        ),
        PeopleToLabel(
            folder / "label",
            ("query", "bounding_box_train"),
            truth_dir=folder / "label/parts",
        ),
        NetworkSettings("resnet18", image_size=(32, 32)),
        SegmentationFitSettings(batch_size=10, epochs=1),
        render="mini",
    )
    run.draw()
    return run


@pytest.fixture
def run(drawn, tmp_path):
    return change(drawn, run_dir=tmp_path / "run")


@pytest.fixture
def one_convolution(monkeypatch):
    """A network that needs no time, instead of DeepLabV3+."""

    def part_segmenter(backbone, num_parts):
        images = keras.Input((32, 32, 3))
        small = keras.layers.Rescaling(1 / 255)(images)
        return keras.Model(images, keras.layers.Conv2D(1 + num_parts, 1)(small))

    monkeypatch.setattr(NetworkSettings, "build", lambda network: None)
    monkeypatch.setattr(segmentation_run, "part_segmenter", part_segmenter)


@pytest.mark.slow
@neutral
def test_labels_what_it_was_not_trained_on(run, capsys):
    run.start()
    folder = run.run_dir
    made = {path.name for path in folder.iterdir()}
    assert made == {
        "checkpoints",
        "history.csv",
        "labels",
        "overlap.json",
        "preview.png",
        "results.md",
        "segmenter.keras",
        "settings.flags",
    }
    printed = capsys.readouterr().out
    assert "10 images to learn from, 2 held out" in printed
    assert "| IoU (%) | held out (2) | crops (76) |" in printed
    flagfile = f"--flagfile={folder / 'settings.flags'}"
    assert read_flags(SegmentationRun(), [flagfile], known_only=True) == run

    # The readers take the labels, and there is one for every image.
    splits = kd.datasets.read_occluded_duke(
        run.label.crops, folder / "labels", "densepose14"
    )
    for name, expected in (("train", 64), ("query", 12), ("gallery", 7)):
        found = splits[name].parsing_paths != ""
        assert found.sum() == (0 if name == "gallery" else expected)
    train = splits["train"]
    labels = kd.data.ParsingLabels("densepose14", "fourteen")
    segmenter = kd.load_model(folder / "segmenter.keras")
    seen = kd.data.parse_images(segmenter, train.paths[:2], (32, 32))
    for path, label, parts in zip(train.paths, train.parsing_paths, seen):
        size = kd.data.read_image(path).shape[:2]
        written = labels.read(label, size)
        assert (written == parts).mean() > 0.99

    summary = json.loads((folder / "overlap.json").read_text())
    assert summary["held_out"]["images"] == 2
    assert summary["crops"]["images"] == 76
    assert 0 < summary["crops"]["mean_iou"] < 1
    assert "left_hand" in summary["crops"]["iou"]
    assert summary["problems"] == []
    with open(folder / "history.csv") as file:
        assert len(list(csv.DictReader(file))) == 1


@pytest.mark.slow
@neutral
@pytest.mark.usefixtures("one_convolution")
def test_goes_on_and_never_mixes_labels(run, capsys):
    plain = change(run, label={"truth_dir": None, "crop_folders": ("query",)})
    plain.start()
    one = next((plain.labels / "query").glob("*.png"))
    one.unlink()
    plain.start()  # Nothing to train, one label to write.
    assert one.exists()
    assert "Going on after epoch 1" in capsys.readouterr().out
    more = change(plain, fit={"epochs": 2})
    with pytest.raises(ValueError, match="began with another `epochs`: 1, not"):
        more.start()  # The cosine follows them.
    file = f"--flagfile={plain.run_dir / 'settings.flags'}"
    assert read_flags(SegmentationRun(), [file], known_only=True) == plain
    meant = CheckpointSettings(override=("epochs",))
    more = change(more, fit={"checkpoints": meant})
    with pytest.raises(ValueError, match="holds other labels: weights is"):
        more.start()
    change(more, label={"labels_dir": plain.run_dir / "again"}).start()
    with open(plain.run_dir / "history.csv") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["0", "1"]


@pytest.mark.slow
@neutral
@pytest.mark.usefixtures("one_convolution")
def test_without_crops_it_trains_and_measures(run):
    alone = change(
        run,
        label={"crops": None, "truth_dir": None},
        learn={"part_schema": "hpnet_four"},
        fit={"occlusion": 0.0},
    )
    alone.start()
    summary = json.loads((alone.run_dir / "overlap.json").read_text())
    assert "crops" not in summary
    assert list(summary["held_out"]["iou"]) == [
        "background",
        "head",
        "upper_body",
        "upper_legs",
        "lower_legs",
    ]
    assert (alone.run_dir / "preview.png").exists()


@neutral
@pytest.mark.parametrize(
    ("schema", "label_format"),
    [
        ("fourteen", "densepose14"),
        ("seven", "png7"),
        ("hpnet_four", "png4"),
        ("five", "custom"),
    ],
)
def test_how_labels_are_read_back(schema, label_format):
    learn = PeopleToLearn(part_schema=schema)
    assert learn.written_format == label_format
    ids = np.arange(1 + learn.schema.num_parts, dtype="uint8")[None]
    labels = kd.data.ParsingLabels(label_format, schema)
    np.testing.assert_array_equal(labels.group(ids), ids)


@neutral
def test_comparison_with_the_truth(run, tmp_path):
    """Right labels, but one image is all background, and one has none."""
    five = change(
        run,
        learn={"part_schema": "five"},
        label={"labels_dir": tmp_path / "new"},
    )
    label = five.label
    records = kd.datasets.read_parsed_images(
        label.crops, label.truth_dir, folders=label.crop_folders
    )
    truth = kd.data.ParsingLabels("densepose14", "five")
    wrong = total = 0
    for number, (name, path) in enumerate(
        zip(records.names, records.parsing_paths)
    ):
        ids = np.asarray(Image.open(path))
        parts = truth.group(ids)
        if number == 5:
            continue
        total += parts.size
        if number == 3:
            wrong = (parts > 0).sum()
            parts = np.zeros_like(parts)
        (five.labels / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(parts).save(five.labels / f"{name}.png")
    result = compare(five)
    assert result["images"] == 75
    assert result["pixel_accuracy"] == pytest.approx(1 - wrong / total)
    assert 0.9 < result["iou"]["head"] < 1
    table = overlap_table({"crops": result})
    assert table.splitlines()[0] == "| IoU (%) | crops (75) |"
    assert f"| head | {100 * result['iou']['head']:.1f} |" in table


@neutral
def test_the_last_images_are_held_out(run):
    records = run.learn.read()
    train, held_out = run.split(records)
    assert (len(train), len(held_out)) == (10, 2)
    assert max(train.names) < min(held_out.names)
    with pytest.raises(ValueError, match="Of 5 images, 5 would be held out"):
        change(run, learn={"held_out": 0.9}).split(records[:5])


@pytest.mark.slow
@neutral
@pytest.mark.usefixtures("one_convolution")
def test_broken_images_are_left_out_if_they_are_few(run, tmp_path):
    folder = shutil.copytree(run.learn.data_dir, tmp_path / "learn")
    run = change(
        run,
        render="",
        label={"crops": None, "truth_dir": None},
        learn={
            "data_dir": folder,
            "parsing_dir": folder / "parts",
            "held_out": 0.5,
        },
    )
    records = run.learn.read()
    for path in records.paths[[0, -2, -1]]:
        Path(path).write_bytes(b"no image")
    with pytest.raises(ValueError, match="2 files cannot be read, `max_unre"):
        change(run, learn={"max_unreadable": 1}).start()
    assert not (run.run_dir / "settings.flags").exists()
    few = change(run, learn={"max_unreadable": 2, "held_out": 0.1})
    with (
        pytest.warns(UserWarning, match="left out of the evaluation"),
        pytest.raises(ValueError, match="No image that is held out can be"),
    ):
        few.start()
    with pytest.warns(UserWarning) as warned:
        change(run, learn={"max_unreadable": 2}).start()
    told = [str(warning.message) for warning in warned]
    assert any("left out of the evaluation" in text for text in told)
    assert any("stood in for them" in text for text in told)
    summary = json.loads((run.run_dir / "overlap.json").read_text())
    assert summary["held_out"]["images"] == 4


@pytest.mark.slow
@neutral
def test_a_preset_keeps_stride_16_and_its_weights(tmp_path):
    preset = kd.models.resnet18((64, 32))
    preset.save_to_preset(str(tmp_path / "preset"))
    backbone = NetworkSettings(
        preset=str(tmp_path / "preset"), image_size=(96, 32)
    ).build()
    assert backbone.pyramid_outputs["P5"].shape[1:3] == (6, 2)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(backbone.weights[0]),
        keras.ops.convert_to_numpy(preset.weights[0]),
    )


@neutral
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"learn": {"label_format": "png7"}},
            "'fourteen' cannot be made from 'png7'",
        ),
        ({"learn": {"part_schema": "x"}}, "'x'"),
        ({"learn": {"bag_is_torso": True}}, "made from 'atr' labels"),
        ({"learn": {"held_out": 0.0}}, "`held_out` is 0.0; it is between"),
        ({"learn": {"max_unreadable": -1}}, "`max_unreadable` is a whole"),
        ({"learn": {"parsing_dir": None}}, "`data_dir` and `parsing_dir` are"),
        ({"learn": {"data_dir": Path("no")}}, "`data_dir` is no, which is not"),
        ({"network": {"backbone": "vit_b16"}}, "`backbone` is one of"),
        (
            {"network": {"preset": "a", "weights": Path()}},
            "leave out `weights`",
        ),
        ({"network": {"image_size": (64, 30)}}, "multiples of 32"),
        ({"network": {"image_size": (0, -32)}}, "multiples of 32"),
        ({"fit": {"transforms": ("flop",)}}, "Did you mean 'flip'"),
        ({"fit": {"occlusion": 30}}, "`occlusion` is 30; it is a number from"),
        ({"fit": {"batch_size": 0}}, "`batch_size` is at least 1"),
        ({"fit": {"weight_decay": -0.1}}, "`weight_decay` is -0.1"),
        ({"label": {"crops": None}}, "`truth_dir` has true labels of `crops`"),
        (
            {"label": {"labels_dir": Path("x/query/y"), "crops": Path("x")}},
            "in x/query",
        ),
    ],
)
def test_what_cannot_work_is_refused(run, changes, message):
    if changes.get("learn", {}).get("data_dir"):
        run = change(run, render="")
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        change(run, **changes).check()
