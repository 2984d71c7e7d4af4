"""Every recipe: its docstring, its command, its settings."""

import ast
import dataclasses
import importlib
import re
import shlex

import pytest

from keras_drop import recipes
from keras_drop.data.occlusions import PersonOverPerson
from keras_drop.flags import flag_file, read_flags
from keras_drop.models import DROP, MODELS
from keras_drop.training import Run, SegmentationRun

pytestmark = pytest.mark.backend_neutral
NAMES = recipes.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe(name):
    run = recipes.find(name)
    assert isinstance(run, Run | SegmentationRun)
    module = importlib.import_module(f"keras_drop.recipes.{name}")
    assert re.search(r"\n(Result|All is as in)", module.__doc__)
    # Its command, without the paths of a data set that nobody has here.
    command = re.search(
        r"\n    keras-drop train ((?:.*\\\n)*.*)", module.__doc__
    )
    # As it is written, over several lines.
    assert not re.search(r"\S {2,}--", module.__doc__)
    flags = shlex.split(command[1].replace("\\\n", " "))
    assert f"--recipe={name}" in flags
    flags = [text for text in flags if not text.startswith("--recipe")]
    assert type(read_flags(run, flags)) is type(run)
    assert flag_file(run)


@pytest.mark.parametrize("name", NAMES)
def test_no_recipe_holds_more_than_settings(name):
    module = importlib.import_module(f"keras_drop.recipes.{name}")
    with open(module.__file__) as file:
        tree = ast.parse(file.read())
    defined = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    assert not defined, "it belongs to the package"


def test_every_model_has_the_settings_of_its_paper():
    assert set(recipes.PAPERS) == set(MODELS)
    for model, name in recipes.PAPERS.items():
        assert name in NAMES
        assert recipes.of_model(model) == name


def test_the_settings_of_drop_are_those_of_its_paper():
    run = recipes.find("occluded_duke")
    batches = run.batches
    assert run.backbone.backbone == "hrnet_w32"
    assert batches.image_size == (256, 128)
    assert batches.identities_per_batch * batches.images_per_identity == 64
    rates = [run.optimizer.rate(epoch, 120) for epoch in (0, 10, 39, 40, 70)]
    expected = [3.5e-6, 3.5e-4, 3.5e-4, 3.5e-5, 3.5e-6]
    assert rates == pytest.approx(expected)


@pytest.mark.parametrize(
    "name", ["occluded_duke", "drop_market1501", "drop_occluded_reid"]
)
def test_drop_learns_as_its_paper_says(name):
    """And, where that is silent, as BPBReID's code; the defaults do not."""
    arguments = recipes.find(name).model_arguments(15618)
    memory = arguments["memory"]
    assert (memory.kind, memory.size, memory.start_epoch) == ("queue", 1024, 10)
    assert arguments["loss_weights"]["parsing"] == 1
    assert arguments["term_losses"]["part_compactness"].unit_length is False
    assert DROP.DEFAULT_LOSS_WEIGHTS["parsing"] == 4


@pytest.mark.parametrize("model", ["drop", "bpbreid", "pab_reid"])
def test_each_data_set_has_the_settings_of_its_paper(model):
    """What BPBReID's authors change from one data set to another."""
    first = "occluded_duke" if model == "drop" else f"{model}_occluded_duke"
    duke, market, occluded = map(
        recipes.find, (first, f"{model}_market1501", f"{model}_occluded_reid")
    )
    schemas = [run.data.part_schema for run in (duke, market, occluded)]
    assert schemas == ["eight", "five_v", "eight"]
    term = "foreground_triplet"
    weighed = [
        MODELS[model].DEFAULT_LOSS_WEIGHTS
        | run.model_arguments(100).get("loss_weights", {})
        for run in (duke, market, occluded)
    ]
    assert [weights[term] for weights in weighed] == [0, 1, 1]
    parsing = {"drop": [1, 1, 1], "bpbreid": [0.35, 0.35, 0.7]}
    assert [weights["parsing"] for weights in weighed] == parsing.get(
        model, [0.35] * 3
    )
    assert duke.batches == market.batches
    assert set(occluded.batches.transforms) - set(
        market.batches.transforms
    ) == {
        "flip",
        "colour_jitter",
    }
    height = 384 if model == "bpbreid" else 256
    for run in (duke, market, occluded):
        assert run.model == model and run.optimizer == duke.optimizer
        assert run.batches.image_size == (height, 128)
    assert len({run.run_dir for run in (duke, market, occluded)}) == 3


def test_demos_differ_in_the_model_alone():
    demo, pab_reid = map(recipes.find, ("drop_demo", "pab_reid_demo"))
    for group in ("backbone", "data", "batches", "optimizer", "fit"):
        assert getattr(demo, group) == getattr(pab_reid, group)


def test_the_demo_is_drop_with_people_pasted_over_people():
    demo, plain = map(recipes.find, ("demo", "drop_demo"))
    assert (demo.backbone, demo.data) == (plain.backbone, plain.data)
    (stage,) = demo.batches.stages()
    assert isinstance(stage, PersonOverPerson) and stage.probability == 0.5
    arguments = demo.model_arguments()
    assert arguments["visibility"].threshold == 0.07
    assert arguments["loss_weights"]["parsing"] == 8
    assert demo.fit.epochs < plain.fit.epochs


@pytest.mark.parametrize("flag", ["occlusions", "occluded_stream"])
def test_dpeformer_reads_no_labels_to_cut_people_out(flag):
    run = recipes.find("dpeformer_demo")
    if flag == "occlusions":
        batches = dataclasses.replace(run.batches, occlusions=("person",))
        run = dataclasses.replace(run, batches=batches)
    else:
        run = dataclasses.replace(run, occluded_stream=("person",))
    with pytest.raises(ValueError, match="PersonOverPerson cuts out"):
        run.check()


def test_unknown():
    with pytest.raises(ValueError, match="Did you mean 'hpnet_demo'"):
        recipes.find("hpnt_demo")
    with pytest.raises(ValueError, match="Did you mean 'hpnet'"):
        recipes.of_model("hpne")
