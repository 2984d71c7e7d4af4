"""The recipe of parsing labels, on miniatures of its data sets."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import parsing_report
import pytest
from PIL import Image

import keras_drop as kd
from recipes import parsing_labels

RECIPE = Path(parsing_labels.__file__)
neutral = pytest.mark.backend_neutral


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Settings whose two data sets are drawn."""
    folder = tmp_path_factory.mktemp("pedestrians")
    settings = parsing_labels.Settings(
        data_dir=folder / "learn",
        parsing_dir=folder / "learn/parts",
        folders=("query",),
        crops=folder / "label",
        crop_folders=("query", "bounding_box_train"),
        truth_dir=folder / "label/parts",
        render="mini",
        backbone="resnet18",
        image_size=(32, 32),
        batch_size=10,
        epochs=1,
    )
    parsing_labels.draw(settings)
    return settings


@pytest.fixture
def settings(drawn, tmp_path):
    return change(drawn, run_dir=tmp_path / "run")


@pytest.fixture
def one_convolution(monkeypatch):
    """A network that needs no time, instead of DeepLabV3+."""

    def part_segmenter(backbone, num_parts):
        images = keras.Input((32, 32, 3))
        small = keras.layers.Rescaling(1 / 255)(images)
        return keras.Model(images, keras.layers.Conv2D(1 + num_parts, 1)(small))

    monkeypatch.setattr(parsing_labels, "make_backbone", lambda settings: None)
    monkeypatch.setattr(kd.models, "part_segmenter", part_segmenter)


def change(settings, **changes):
    return parsing_labels.dataclasses.replace(settings, **changes)


def test_labels_what_it_was_not_trained_on(settings, capsys):
    parsing_labels.main(settings)
    folder = settings.run_dir
    made = {path.name for path in folder.iterdir()}
    assert made == {
        "checkpoints",
        "history.csv",
        "labels",
        "metrics.json",
        "preview.png",
        "results.md",
        "segmenter.keras",
    }
    printed = capsys.readouterr().out
    assert "10 images to learn from, 2 held out" in printed
    assert "| IoU (%) | held out (2) | crops (76) |" in printed

    # The readers take the labels, and there is one for every image.
    splits = kd.datasets.read_occluded_duke(
        settings.crops, folder / "labels", "densepose14"
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

    summary = json.loads((folder / "metrics.json").read_text())
    assert summary["held_out"]["images"] == 2
    assert summary["crops"]["images"] == 76
    assert 0 < summary["crops"]["mean_iou"] < 1
    assert "left_hand" in summary["crops"]["iou"]
    assert summary["problems"] == []
    with open(folder / "history.csv") as file:
        assert len(list(csv.DictReader(file))) == 1


@neutral
@pytest.mark.usefixtures("one_convolution")
def test_goes_on_and_never_mixes_labels(settings, capsys):
    plain = change(settings, truth_dir=None, crop_folders=("query",))
    parsing_labels.main(plain)
    one = next((plain.labels / "query").glob("*.png"))
    one.unlink()
    parsing_labels.main(plain)  # nothing to train, one label to write
    assert one.exists()
    assert "Going on after epoch 1" in capsys.readouterr().out
    more = change(plain, epochs=2)
    with pytest.raises(ValueError, match="holds other labels: weights is"):
        parsing_labels.main(more)
    parsing_labels.main(change(more, labels_dir=plain.run_dir / "again"))
    with open(plain.run_dir / "history.csv") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["0", "1"]


@neutral
@pytest.mark.usefixtures("one_convolution")
def test_without_crops_it_trains_and_measures(settings):
    alone = change(
        settings,
        crops=None,
        truth_dir=None,
        part_schema="hpnet_four",
        occlusion=0.0,
    )
    parsing_labels.main(alone)
    summary = json.loads((alone.run_dir / "metrics.json").read_text())
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
def test_how_labels_are_read_back(settings, schema, label_format):
    changed = change(settings, part_schema=schema)
    assert changed.written_format == label_format
    ids = np.arange(1 + changed.schema.num_parts, dtype="uint8")[None]
    labels = kd.data.ParsingLabels(label_format, schema)
    np.testing.assert_array_equal(labels.group(ids), ids)


@neutral
def test_comparison_with_the_truth(settings, tmp_path):
    """Right labels, but one image is all background, and one has none."""
    five = change(settings, part_schema="five", labels_dir=tmp_path / "new")
    records = kd.datasets.read_parsed_images(
        five.crops, five.truth_dir, folders=five.crop_folders
    )
    truth = kd.data.ParsingLabels("densepose14", "five")
    wrong = total = 0
    for number, (name, label) in enumerate(
        zip(records.names, records.parsing_paths)
    ):
        ids = np.asarray(Image.open(label))
        parts = truth.group(ids)
        if number == 5:
            continue
        total += parts.size
        if number == 3:
            wrong = (parts > 0).sum()
            parts = np.zeros_like(parts)
        (five.labels / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(parts).save(five.labels / f"{name}.png")
    result = parsing_report.compare(five)
    assert result["images"] == 75
    assert result["pixel_accuracy"] == pytest.approx(1 - wrong / total)
    assert 0.9 < result["iou"]["head"] < 1
    table = parsing_report.overlap_table({"crops": result})
    assert table.splitlines()[0] == "| IoU (%) | crops (75) |"
    assert f"| head | {100 * result['iou']['head']:.1f} |" in table


@neutral
def test_the_last_images_are_held_out(settings):
    records = parsing_labels.read_labelled(settings)
    train, held_out = parsing_labels.split(settings, records)
    assert (len(train), len(held_out)) == (10, 2)
    assert max(train.names) < min(held_out.names)
    with pytest.raises(ValueError, match="Of 5 images, 5 would be held out"):
        parsing_labels.split(change(settings, held_out=0.9), records[:5])


@neutral
def test_a_preset_keeps_stride_16_and_its_weights(settings, tmp_path):
    preset = kd.models.resnet18((64, 32))
    preset.save_to_preset(str(tmp_path / "preset"))
    backbone = parsing_labels.make_backbone(
        change(settings, preset=str(tmp_path / "preset"), image_size=(96, 32))
    )
    assert backbone.pyramid_outputs["P5"].shape[1:3] == (6, 2)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(backbone.weights[0]),
        keras.ops.convert_to_numpy(preset.weights[0]),
    )


@neutral
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label_format": "png7"}, "'fourteen' cannot be made from 'png7'"),
        ({"part_schema": "x"}, "`part_schema` is one of .*'x'"),
        ({"bag_is_torso": True}, "made from 'atr' labels"),
        ({"backbone": "vit_b16"}, "--backbone is one of resnet18"),
        ({"preset": "a", "weights": Path()}, "leave out --weights"),
        ({"image_size": (64, 30)}, "multiples of 32"),
        ({"held_out": 0.0}, "--held_out is between"),
        ({"parsing_dir": None}, "--data_dir and --parsing_dir are both"),
        ({"labels_dir": Path("x/query/y"), "crops": Path("x")}, "in x/query"),
    ],
)
def test_wrong_settings(settings, changes, message):
    with pytest.raises(ValueError, match=message):
        change(settings, **changes)


@neutral
def test_wrong_flags_end_with_one_line():
    done = subprocess.run(
        [sys.executable, RECIPE, "--data_dir=gone", "--parsing_dir=gone"],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "--data_dir=gone does not exist" in done.stderr
    assert "Traceback" not in done.stderr
