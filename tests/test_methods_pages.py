"""The method pages draw, and list, what the models are."""

import dataclasses

import pytest
from method_pictures import FOLDER, PICTURES, picture
from switches import flag_of, with_switches

from keras_drop import models, recipes
from keras_drop.flags.fields import leaves

pytestmark = pytest.mark.backend_neutral


def make(name):
    if name == "DPEFormer":
        return models.DPEFormer(models.vit_small((128, 64)), 3)
    return getattr(models, name)(models.resnet18((64, 32)), 3)


@pytest.mark.parametrize("name", PICTURES)
def test_every_layer_of_a_picture_is_in_the_model(name):
    layers = {layer.name for layer in make(name).layers}
    shown = {box.layer for box in PICTURES[name] if box.layer}
    assert len(shown) > 3
    assert shown <= layers


@pytest.mark.parametrize("name", PICTURES)
def test_every_arrow_leads_to_the_right(name):
    boxes = PICTURES[name]
    assert len({(box.column, box.row) for box in boxes}) == len(boxes)
    for box in boxes[1:]:
        assert box.after
        assert all(boxes[number].column < box.column for number in box.after)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_those_that_the_script_draws(name):
    """`python docs/tools/method_pictures.py` mends it."""
    assert (FOLDER / f"{name.lower()}.svg").read_text() == picture(name)


def test_switches_are_those_of_the_constructor():
    page = with_switches("Before\n<!-- switches: DROP -->\nafter")
    assert page.startswith("Before\n") and page.endswith("\nafter")
    assert "`--model=drop`" in page
    assert "| `--model.memory.start_epoch` | `10` |  |" in page
    assert "| `--model.memory.kind` | `none` | `queue` |" in page


@pytest.mark.parametrize("name", models.MODELS)
def test_switches_are_flags_of_the_command_line(name):
    run = recipes.find(recipes.of_model(name))
    run = dataclasses.replace(run, model=name, switches={})
    known = {f"model.{switch}" for switch in run.known_switches()}
    known |= {leaf.name for leaf in leaves(run)}
    shown = {flag_of(x, run) for x in models.switch_names(models.MODELS[name])}
    assert shown <= known
