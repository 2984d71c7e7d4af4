"""Settings of batches: above all, what hides the images."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    RealisticOcclusion,
    SeveritySchedule,
)
from keras_drop.training import BatchSettings, DataSettings
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


LABELS = DataSettings(label_format="densepose14").labels()


def make_settings(**arguments):
    return BatchSettings(
        image_size=(32, 16),
        transforms=(),
        identities_per_batch=2,
        images_per_identity=2,
        **arguments,
    )


def test_names_are_stages():
    roa, part = make_settings(occlusions=("roa:0.3", "part_occlusion")).stages()
    assert isinstance(roa, RealisticOcclusion)
    assert roa.probability == 0.3
    assert isinstance(part, PartOcclusion)
    assert make_settings().stages() == ()


def test_severity_rises():
    (stage,) = make_settings(
        occlusions=("grid_mask",), occlusion_rise=8
    ).stages()
    assert stage == SeveritySchedule(GridMask(), (0, 8), (0.0, 1.0))


def test_a_bank_of_images(tmp_path):
    bank = tmp_path / "bank"
    bank.mkdir()
    Image.new("RGBA", (9, 9), (1, 2, 3, 255)).save(bank / "crate.png")
    settings = make_settings(occlusions=("roa",), occluder_bank=str(bank))
    records = make_records(tmp_path, label_format="densepose14")
    images, targets = settings.make(records, LABELS, seed=3)[0]
    assert (images == (1, 2, 3)).all(-1).mean() > 0.5
    plain = dataclasses.replace(settings, occlusions=())
    _, whole = plain.make(records, LABELS, seed=3)[0]
    shown = targets["parsing"][..., 1:].sum()
    assert shown < 0.6 * whole["parsing"][..., 1:].sum()


def test_people_are_drawn_as_the_settings_say(tmp_path):
    records = make_records(tmp_path, label_format="densepose14")
    batches = make_settings(sampling="uniform").make(records)
    assert batches.sampler.sampling == "uniform"
    with pytest.raises(ValueError, match="everybody is drawn once"):
        make_settings(sampling="uniform", epoch_of="people")


def test_an_epoch_of_people(tmp_path):
    records = make_records(tmp_path, label_format="densepose14")
    people = make_settings(epoch_of="people").make(records)
    images = make_settings().make(records)
    num_people = len(np.unique(records.identities))
    assert len(people) == num_people // 2 <= len(images)
    assert set(people[0][1]) == {"identities"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"occlusions": ("cutout",)}, "`occlusions` is one of .*'cutout'"),
        ({"occlusions": ("roa:2",)}, "'roa:2': the probability"),
        ({"occluder_bank": "nowhere"}, "`occluder_bank` is nowhere"),
        ({"epoch_of": "cameras"}, "`epoch_of` is one of"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        make_settings(**arguments)


def test_other_mistakes():
    with pytest.raises(ValueError, match="`transforms` is one of"):
        BatchSettings(transforms=("flop",))
    for image_size in ((64,), 64, (0, 0), (64.0, 32.0), ("64", "32")):
        with pytest.raises(ValueError, match="it is height,width"):
            BatchSettings(image_size=image_size)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("identities_per_batch", 0),
        ("images_per_identity", 2.5),
        ("occlusion_rise", -3),
        ("max_unreadable", -1),
    ],
)
def test_numbers_that_are_none(name, value):
    with pytest.raises(ValueError, match=f"`{name}` is .*{value}"):
        BatchSettings(**{name: value})


@pytest.mark.parametrize(
    ("names", "needs"),
    [((), False), (("roa",), False), (("roa", "person"), True)],
)
def test_what_cuts_people_out_needs_labels(names, needs):
    assert make_settings(occlusions=names).needs_labels == needs
