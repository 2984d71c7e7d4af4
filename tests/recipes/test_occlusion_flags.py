"""`--occlusions` of the recipes hides what they train on."""

import dataclasses

import numpy as np
import pytest
import reid_run
from PIL import Image

from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    RealisticOcclusion,
    SeveritySchedule,
)
from recipes import dpeformer_occluded_duke, occluded_duke
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


def make_settings(folder, recipe=occluded_duke, **arguments):
    return recipe.Settings(
        data_dir=folder,
        parsing_dir=folder,
        label_format="densepose14",
        image_size=(32, 16),
        transforms=(),
        num_identities=2,
        images_each=2,
        **arguments,
    )


def test_flags_are_stages(tmp_path):
    settings = make_settings(tmp_path, occlusions=("roa:0.3", "part_occlusion"))
    roa, part = reid_run.make_occlusions(settings)
    assert isinstance(roa, RealisticOcclusion)
    assert roa.probability == 0.3
    assert isinstance(part, PartOcclusion)
    assert reid_run.make_occlusions(make_settings(tmp_path)) == ()


def test_severity_rises(tmp_path):
    settings = make_settings(
        tmp_path, occlusions=("grid_mask",), occlusion_rise=8
    )
    (stage,) = reid_run.make_occlusions(settings)
    assert stage == SeveritySchedule(GridMask(), (0, 8), (0.0, 1.0))


def test_a_bank_of_images(tmp_path):
    bank = tmp_path / "bank"
    bank.mkdir()
    Image.new("RGBA", (9, 9), (1, 2, 3, 255)).save(bank / "crate.png")
    settings = make_settings(
        tmp_path, occlusions=("roa",), occluder_bank=str(bank)
    )
    records = make_records(tmp_path, label_format="densepose14")
    images, targets = reid_run.make_batches(settings, records)[0]
    assert (images == (1, 2, 3)).all(-1).mean() > 0.5
    plain = dataclasses.replace(settings, occlusions=())
    _, whole = reid_run.make_batches(plain, records)[0]
    shown = targets["parsing"][..., 1:].sum()
    assert shown < 0.6 * whole["parsing"][..., 1:].sum()


@pytest.mark.parametrize("occlusion", ["roa", "gaussian_erasing"])
def test_both_streams_of_dpeformer_are_hidden(tmp_path, occlusion):
    settings = make_settings(
        tmp_path,
        dpeformer_occluded_duke,
        occluded_stream=(occlusion,),
        occlusions=("grid_mask:1",),
    )
    records = make_records(tmp_path, label_format="densepose14")
    images, targets = dpeformer_occluded_duke.make_batches(settings, records)[0]
    grey = np.array((0.485, 0.456, 0.406)) * 255
    for image, second in zip(images, targets["occluded_images"], strict=True):
        assert (np.abs(image - grey).max(-1) < 1e-3).any()
        assert (image != second).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"occlusions": ("cutout",)},
            "--occlusions: `occlusions` is one of .*'cut",
        ),
        ({"occlusions": ("roa:2",)}, "--occlusions: 'roa:2': the probability"),
        (
            {"occlusions": ("person",), "model": "global"},
            "--occlusions: PersonOverPerson needs parsing labels",
        ),
        (
            {"occlusions": ("roa",), "occluder_bank": "nowhere"},
            "--occluder_bank=nowhere does not exist",
        ),
    ],
)
def test_mistakes_are_named(tmp_path, arguments, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        make_settings(tmp_path, **arguments)
