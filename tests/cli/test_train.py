import dataclasses

import pytest

from keras_drop import recipes
from keras_drop.__main__ import main
from keras_drop.training import Run

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def started(monkeypatch):
    """The runs that are started, which then do nothing."""
    runs = []
    monkeypatch.setattr(Run, "start", lambda run: runs.append(run))
    return runs


def test_a_recipe_with_flags(started):
    assert main(["train", "--recipe=demo", "--epochs=3"]) == 0
    demo = recipes.find("demo")
    fit = dataclasses.replace(demo.fit, epochs=3)
    assert started == [dataclasses.replace(demo, fit=fit)]


def test_a_model_has_the_settings_of_its_paper(started):
    main(["train", "--model=hpnet", "--data=market1501:x", "--release"])
    paper = recipes.find("hpnet_market1501")
    data = dataclasses.replace(paper.data, data="market1501:x")
    assert started == [dataclasses.replace(paper, data=data, release=True)]


def test_switches_of_the_model(started):
    main(["train", "--recipe=demo_from_scratch", "--model.memory.size=512"])
    paper = recipes.find("demo_from_scratch").switches
    switches = {**paper, "memory.size": "512"}
    assert started[0].switches == switches


def test_another_model_has_no_switches_of_the_first(started):
    main(["train", "--recipe=demo", "--model=bpbreid"])
    (run,) = started
    assert (run.model, run.switches) == ("bpbreid", {})
    assert run.optimizer == recipes.find("demo").optimizer


# `demo` is DROP without the switches of the paper's recipe.
@pytest.mark.parametrize("name", ["hpnet_demo", "demo", "drop_demo"])
def test_a_run_is_repeated_by_its_flag_file(name, started, tmp_path):
    from keras_drop.flags.fields import dotted_text, flag_file

    demo = recipes.find(name)
    file = tmp_path / "settings.flags"
    file.write_text(flag_file(demo))
    main(["train", f"--flagfile={file}"])
    again = {k: dotted_text(v) for k, v in demo.switches.items()}
    assert started == [dataclasses.replace(demo, switches=again)]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "What is to be trained? Give --model, one of drop,"),
        (["--model=dorp"], "Did you mean 'drop'?"),
        (["--recipe=domo"], "Did you mean 'demo'?"),
        (["--recipe=demo", "--epcohs=3"], "Did you mean: epochs ?"),
        (["--recipe=hpnet_demo", "--model=drop"], "`model` is one of 'hpnet'"),
        (
            ["--recipe=demo", "--model.memory.sise=1"],
            "Did you mean: model.memory.size ?",
        ),
        (["--recipe=demo", "--backbone=resnet1"], "Did you mean 'resnet18'?"),
        (["--recipe=demo", "--data=occluded_duke:no"], "`data` is no, which"),
        (["--recipe=demo", "--data=occuded_duke:no"], "'occuded_duke'"),
    ],
)
def test_a_mistake_is_one_line(flags, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    render = ["--render="] if flags else []
    assert main(["train", *flags, *render]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1
    assert message in error
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("first", ["--recipe=pab_reid_demo", "--model=drop"])
def test_help_explains_each_setting(first, capsys):
    with pytest.raises(SystemExit):
        main(["train", first, "--help"])
    shown = capsys.readouterr().out
    for name in ("model", "weights", "image_size", "epochs", "seed"):
        assert f"\n  --{name}=" in shown
    threshold = 0.2 if "pab" in first else 0.4
    assert f"\n      --model.visibility.threshold={threshold}\n" in shown
    assert "Paper: " in shown or "\nResult" in shown
    assert ("thresholds to try at the end" in shown) == ("pab" in first)


def test_help_without_a_choice(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    shown = capsys.readouterr().out
    assert "hpnet_market1501" in shown and "transreid_baseline" in shown
