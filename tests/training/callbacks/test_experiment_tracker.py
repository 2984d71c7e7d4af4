"""With modules that write down what they are told: neither is installed."""

import sys
import types

import pytest

from keras_drop.training import ExperimentTracker, FitSettings

pytestmark = pytest.mark.backend_neutral


class Log:
    """Any function of a module, by its name."""

    def __init__(self, **answers):
        self.told, self.answers = [], answers

    def __getattr__(self, name):
        def call(*values, **named):
            self.told.append((name, *values, named))
            return self.answers.get(name)

        return call


@pytest.fixture
def mlflow(monkeypatch):
    run = types.SimpleNamespace(info=types.SimpleNamespace(run_id="a7"))
    log = Log(start_run=run)
    monkeypatch.setitem(sys.modules, "mlflow", log)
    return log


@pytest.fixture
def wandb(monkeypatch):
    run = Log()
    run.id, run.summary = "b8", {}
    log = Log(init=run)
    monkeypatch.setitem(sys.modules, "wandb", log)
    return log, run


def epochs(tracker, first, last):
    tracker.on_train_begin()
    tracker.on_train_begin()  # What is left of an epoch is a `fit` of its own.
    for epoch in range(first, last):
        logs = {"loss": 1.0 / (epoch + 1), "val_mAP": float("nan")}
        tracker.on_epoch_end(epoch, logs)


def test_mlflow(mlflow, tmp_path):
    settings = {f"setting {n}": n for n in range(130)}
    tracker = ExperimentTracker("mlflow", tmp_path / "mine", settings)
    epochs(tracker, 0, 2)
    tracker.finish(tmp_path / "card.json", {"mAP": 0.5})
    first, *rest = [told for told in mlflow.told if told[0] == "log_params"]
    assert len(first[1]) == 100 and {**first[1], **rest[0][1]} == settings
    told = [entry for entry in mlflow.told if entry[0] != "log_params"]
    assert told == [
        ("set_experiment", "keras_drop", {}),
        ("start_run", {"run_name": "mine"}),
        ("log_metrics", {"loss": 1.0}, {"step": 1}),
        ("log_metrics", {"loss": 0.5}, {"step": 2}),
        ("log_metrics", {"final/mAP": 0.5}, {}),
        ("log_artifact", str(tmp_path / "card.json"), {}),
        ("end_run", {}),
    ]


def test_a_run_that_fails_is_ended_once(mlflow, wandb, tmp_path):
    for kind in ("mlflow", "wandb"):
        never, failed, done = (
            ExperimentTracker(kind, tmp_path / name) for name in "abc"
        )
        never.fail()
        for tracker in (failed, done):
            epochs(tracker, 0, 1)
        done.finish()
        for _ in range(2):
            failed.fail()
            done.fail()
    ended = [told for told in mlflow.told if told[0] == "end_run"]
    assert ended == [("end_run", {}), ("end_run", {"status": "FAILED"})]
    ended = [told for told in wandb[1].told if told[0] == "finish"]
    assert ended == [("finish", {}), ("finish", {"exit_code": 1})]


def test_a_run_that_goes_on_is_the_same_to_mlflow(mlflow, tmp_path):
    epochs(ExperimentTracker("mlflow", tmp_path, {"seed": 1}), 0, 1)
    mlflow.told.clear()
    epochs(ExperimentTracker("mlflow", tmp_path, {"seed": 1}), 1, 2)
    assert [entry[0] for entry in mlflow.told] == [
        "set_experiment",
        "start_run",
        "log_metrics",
    ]
    assert mlflow.told[1][1] == {"run_id": "a7"}


def test_weights_and_biases(wandb, tmp_path):
    module, run = wandb
    settings = {"seed": 1}
    epochs(ExperimentTracker("wandb", tmp_path / "mine", settings), 0, 1)
    tracker = ExperimentTracker("wandb", tmp_path / "mine", settings)
    epochs(tracker, 1, 2)
    tracker.finish(tmp_path / "card.json", {"mAP": 0.5})
    common = {
        "project": "keras_drop",
        "name": "mine",
        "resume": "allow",
        "config": settings,
        "dir": str(tmp_path / "mine"),
    }
    assert module.told == [
        ("init", {**common, "id": None}),
        ("init", {**common, "id": "b8"}),
    ]
    assert run.told == [
        ("log", {"loss": 1.0}, {"step": 1}),
        ("log", {"loss": 0.5}, {"step": 2}),
        (
            "save",
            str(tmp_path / "card.json"),
            {"base_path": str(tmp_path), "policy": "now"},
        ),
        ("finish", {}),
    ]
    assert run.summary == {"final/mAP": 0.5}


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(ImportError, match=r"pip install 'keras_drop\[mlflow\]"):
        ExperimentTracker("mlflow", tmp_path)
    with pytest.raises(ValueError, match="Did you mean 'mlflow'"):
        FitSettings(tracker="mlflw")
