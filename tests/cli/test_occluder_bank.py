"""The command that cuts an occluder bank out of a folder of images."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from keras_drop.cli import occluder_bank
from keras_drop.data.occlusions import read_occluders
from keras_drop.data.occlusions.occluders.sam_masks import SAMMasks
from keras_drop.flags import flag_file
from tests.data.occlusions.tiny_sam import tiny_sam

neutral = pytest.mark.backend_neutral


def make_images(folder, count=3):
    for number in range(count):
        path = folder / ("street" * (number % 2)) / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.full((32, 24, 3), 10 * number, "uint8")
        Image.fromarray(pixels).save(path)
    return folder


@pytest.fixture
def settings(tmp_path):
    return occluder_bank.Settings(
        image_dir=make_images(tmp_path / "images"),
        bank_dir=tmp_path / "bank",
        points_per_side=2,
    )


class FakeSAM:
    """One object a point; stops before the image of the number `stop`."""

    def __init__(self, stop=None):
        self.seen, self.stop = [], stop

    def __call__(self, settings):
        return self.predict

    def predict(self, image, points):
        if len(self.seen) == self.stop:
            raise KeyboardInterrupt
        self.seen.append(int(image[0, 0, 0]))
        for column, row in points:
            logits = np.full((1, 1, 16, 12), -9.0, "float32")
            top, left = int(16 * row) - 3, int(12 * column) - 2
            logits[0, 0, top : top + 6, left : left + 4] = 9.0
            # The second image shows nothing.
            sure = 0.95 if image[0, 0, 0] != 10 else 0.1
            yield logits, np.full((1, 1), sure, "float32")


def cut(settings, load):
    flags = flag_file(settings).splitlines()
    assert occluder_bank.main(flags, load) == 0


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@neutral
def test_cuts_a_bank(settings, capsys):
    cut(settings, FakeSAM())
    folder = settings.bank_dir
    names = set(tree(folder))
    assert names == {"settings.json", "bank.json"} | {
        f"{group}/00{k}.png" for group in ("0.png", "2.png") for k in range(4)
    }
    assert (folder / "street__1.png").is_dir()
    occluder = np.asarray(Image.open(folder / "2.png" / "000.png"))
    assert occluder.shape == (12, 8, 4)
    assert (occluder[..., :3] == 20).all()
    assert occluder[6, 4, 3] == 255
    card = json.loads((folder / "bank.json").read_text())
    assert card == {"images": 3, "occluders": 8, "broken": []}
    assert len(read_occluders(folder)) == 8
    assert "8 occluders of 3 images" in capsys.readouterr().out


@neutral
def test_all_kinds_of_images_and_no_hidden_ones(settings):
    with Image.open(settings.image_dir / "2.png") as image:
        image.save(settings.image_dir / "2.bmp")
    (settings.image_dir / "._2.png").write_bytes(b"what a Mac leaves")
    cut(settings, FakeSAM())
    card = json.loads((settings.bank_dir / "bank.json").read_text())
    assert card == {"images": 4, "occluders": 12, "broken": []}


@neutral
def test_what_hardly_fills_its_box_is_left_out(settings):
    def predict(image, points):
        logits = np.full((1, 1, 16, 12), -9.0, "float32")
        logits[..., :2, :2] = logits[..., -2:, -2:] = 9.0
        yield logits, np.ones((1, 1), "float32")

    cut(settings, lambda settings: predict)
    card = json.loads((settings.bank_dir / "bank.json").read_text())
    assert card == {"images": 3, "occluders": 0, "broken": []}


@neutral
def test_a_stopped_run_goes_on(settings, tmp_path):
    whole = dataclasses.replace(settings, bank_dir=tmp_path / "whole")
    cut(whole, FakeSAM())
    first, second = FakeSAM(stop=2), FakeSAM()
    with pytest.raises(KeyboardInterrupt):
        cut(settings, first)
    assert not (settings.bank_dir / "bank.json").exists()
    unfinished = settings.bank_dir / ".unfinished-street__1.png"
    unfinished.mkdir()
    (unfinished / "000.png").write_text("half")
    cut(settings, second)
    assert first.seen == [0, 20]
    assert second.seen == [10]
    assert tree(settings.bank_dir) == tree(whole.bank_dir)
    third = FakeSAM()
    cut(settings, third)
    assert third.seen == []


@neutral
def test_other_settings_need_another_folder(settings):
    cut(settings, FakeSAM())
    other = dataclasses.replace(settings, min_area=0.5)
    with pytest.raises(ValueError, match=r"`min_area` 0\.01, now it is 0\.5"):
        cut(other, FakeSAM())
    same = dataclasses.replace(settings, points_at_once=3)
    cut(same, FakeSAM())


@neutral
def test_a_broken_image_is_left_out_and_named(settings, capsys):
    broken = settings.image_dir / "broken.jpg"
    broken.write_text("no image")
    cut(settings, FakeSAM())
    card = json.loads((settings.bank_dir / "bank.json").read_text())
    assert card == {"images": 4, "occluders": 8, "broken": [str(broken)]}
    assert "broken.jpg cannot be decoded" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_with_segment_anything(settings):
    """Random weights: every mask is taken, to see them written."""
    settings = dataclasses.replace(
        settings,
        min_predicted_iou=-1e9,
        min_stability=0.0,
        min_area=0.05,
        max_area=1.0,
        max_side=16,
    )
    segmenter = tiny_sam()
    cut(settings, lambda settings: SAMMasks(segmenter, 4))
    bank = read_occluders(settings.bank_dir)
    assert len(bank) > 0
    assert max(max(o.shape[:2]) for o in bank.occluders) <= 16


@pytest.mark.slow
@neutral
def test_loads_the_preset(settings, monkeypatch, tmp_path):
    import keras_hub

    called = []

    def from_preset(name):
        called.append(name)
        return tiny_sam()

    monkeypatch.setattr(
        keras_hub.models.SAMImageSegmenter, "from_preset", from_preset
    )
    masks = occluder_bank.load_sam(settings)
    assert called == ["sam_base_sa1b"]
    assert masks.side == 64
    assert masks.points_at_once == 64


@neutral
@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--image_dir is missing"),
        (["--image_dir=nowhere"], "--image_dir=nowhere is no folder"),
        (["--image_dri=x"], "Did you mean: image_dir"),
    ],
)
def test_wrong_flags(flags, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        occluder_bank.main(flags)
