import csv

import keras
import numpy as np
import pytest

from keras_drop.training import (
    CoupledAdam,
    FiniteTerms,
    HistoryFile,
    RunCheckpoint,
    resumed_fit,
)

neutral = pytest.mark.backend_neutral


class Batches(keras.utils.PyDataset):
    """What a batch holds depends on the epoch and its index alone."""

    def __init__(self):
        super().__init__()
        self.epoch = 0

    @property
    def epoch(self):
        return self._epoch

    @epoch.setter
    def epoch(self, epoch):
        self._epoch, self.shown = epoch, 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        self.shown += index == 2
        rng = np.random.default_rng((7, self.epoch, index))
        images = rng.normal(size=(4, 3)).astype("float32")
        return images, images.sum(axis=1, keepdims=True)

    def on_epoch_end(self):
        if self.shown:
            self.epoch += 1


class Interruption(keras.callbacks.Callback):
    """Ends the process after a step of the third epoch, or at its start."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if epoch == 2 and self.step == 0:
            raise KeyboardInterrupt

    def on_train_batch_begin(self, batch, logs=None):
        if self.epoch == 2 and self.step == batch:
            raise KeyboardInterrupt


def build(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(5),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )
    model.compile(CoupledAdam(0.02), "mse", metrics=["mae"])
    return model


def fit(model, folder, *callbacks, epochs=4, minutes=0.0, **given):
    """As a run does it, with a checkpoint after every step."""
    checkpoint = RunCheckpoint(folder, Batches(), minutes=minutes, **given)
    state = checkpoint.state()
    first = state["epoch"] if state else 0
    callbacks = [HistoryFile(folder.with_suffix(".csv"), first), *callbacks]
    return resumed_fit(model, checkpoint, epochs, callbacks, verbose=0)


def history(folder):
    with open(folder.with_suffix(".csv")) as file:
        return list(csv.DictReader(file))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_resumed_run_equals_one_that_was_not_interrupted(tmp_path, step):
    straight = build(seed=1)
    fit(straight, tmp_path / "straight", minutes=None)
    with pytest.raises(KeyboardInterrupt):
        fit(build(seed=1), tmp_path / "run", Interruption(step))
    # Nothing may come from the start of the new process but what is saved.
    resumed = build(seed=2)
    assert fit(resumed, tmp_path / "run").epoch == ([3] if step else [2, 3])
    assert int(resumed.optimizer.iterations) == 12
    for expected, actual in zip(
        straight.get_weights(), resumed.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(actual, expected)
    rows = history(tmp_path / "run")
    assert rows == history(tmp_path / "straight") and len(rows) == 4
    assert fit(resumed, tmp_path / "run").epoch == [], "the run is over"


@neutral
def test_a_row_written_before_the_kill_is_not_written_twice(tmp_path):
    fit(build(seed=1), tmp_path / "run", epochs=2)
    with open(tmp_path / "run.csv", "a") as file:
        file.write("2,9,9\n")
    fit(build(seed=1), tmp_path / "run", epochs=3)
    assert [row["epoch"] for row in history(tmp_path / "run")] == list("012")
    assert history(tmp_path / "run")[2]["loss"] != "9"


@neutral
def test_only_complete_checkpoints_count(tmp_path, monkeypatch):
    model, folder = build(seed=1), tmp_path / "run"
    fit(model, folder, epochs=2, num_kept=1)
    assert names(folder) == ["epoch-000002"]
    weights = model.get_weights()

    def interrupted(path):
        path.write_bytes(b"half a fi")
        raise KeyboardInterrupt

    monkeypatch.setattr(model, "save_weights", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit(model, folder, epochs=3)
    fresh = build(seed=3)
    assert RunCheckpoint(folder).restore(fresh) == 2
    for expected, actual in zip(weights, fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(actual, expected)
    fit(fresh, folder, epochs=3)
    assert names(folder) == ["epoch-000002-step-000002", "epoch-000003"]


@neutral
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    tmp_path, capsys, damage
):
    model, folder = build(seed=1), tmp_path / "run"
    fit(model, folder, epochs=2, minutes=None)
    file = folder / "epoch-000002" / "run.weights.h5"
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        content[2000:2010] = bytes(255 - byte for byte in content[2000:2010])
    file.write_bytes(content[: len(content) // 2 if damage == "cut" else None])
    if damage == "gone":
        (folder / "epoch-000002" / "SHA256SUMS").unlink()
    assert RunCheckpoint(folder).restore(build(seed=1)) == 1
    told = capsys.readouterr().out
    assert "epoch-000002 is damaged" in told and len(told.splitlines()) == 1
    again = build(seed=5)
    fit(again, folder, epochs=2)
    for expected, actual in zip(
        model.get_weights(), again.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(actual, expected)
    assert not [name for name in names(folder) if "damaged" in name]
    for path in folder.iterdir():
        (path / "state.json").write_text("{}")
    with pytest.raises(ValueError, match=r"All checkpoints .* Remove the fold"):
        RunCheckpoint(folder).restore(model)


class Score(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["validation_mAP"] = [0.1, 0.7, 0.3, float("nan")][epoch]


@neutral
def test_the_best_is_kept_besides_the_last(tmp_path):
    fit(build(seed=1), tmp_path / "run", Score(), num_kept=1, minutes=None)
    assert names(tmp_path / "run") == ["epoch-000002", "epoch-000004"]
    best = RunCheckpoint(tmp_path / "run").best_path()
    assert best.name == "epoch-000002"


class Spoilt(Batches):
    """Infinite in the second step of the second epoch."""

    def __getitem__(self, index):
        images, labels = super().__getitem__(index)
        if (self.epoch, index) == (1, 1):
            labels = labels + np.inf
        return images, labels

    def rows(self, index):
        return np.array([index, index + 1])

    @property
    def records(self):
        return type("R", (), {"paths": np.array(list("abcd"))})


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path):
    batches = Spoilt()
    message = "`mae` is (inf|nan) in step 2 of epoch 2. .* images b, c. "
    for _ in range(2):  # It happens again after going on from step 1.
        checkpoint = RunCheckpoint(tmp_path, batches, minutes=0.0)
        with pytest.raises(ValueError, match=message):
            resumed_fit(build(1), checkpoint, 3, [FiniteTerms(batches)], 0)
        assert names(tmp_path)[-1] == "epoch-000001-step-000001"


def test_weights_that_are_not_finite_are_not_saved(tmp_path):
    with pytest.raises(ValueError, match=r"weight .* after step 2 of epoch 2"):
        resumed_fit(build(1), RunCheckpoint(tmp_path, Spoilt(), 0.0), 3, (), 0)
    assert names(tmp_path)[-1] == "epoch-000001-step-000001"


@neutral
def test_what_cannot_be_written_is_one_line(tmp_path, monkeypatch):
    model = build(seed=1)

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model, "save_weights", full)
    with pytest.raises(OSError, match=r"run: No space left on device\. Mend"):
        fit(model, tmp_path / "run")
    with pytest.raises(OSError, match=r"gone.csv could not be written: No su"):
        HistoryFile(tmp_path / "gone" / "gone.csv").on_epoch_end(0, {})
    path = tmp_path / "history.csv"
    for text in ("epoch,loss\n0,1\nx,2\n", "loss\n1\n"):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"history\.csv is damaged"):
            HistoryFile(path, 2)


@neutral
def test_refuses_a_model_without_optimizer_and_unknown_batches(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"Call `model.compile`"):
        RunCheckpoint(tmp_path).restore(model)
    with pytest.raises(ValueError, match="Give `RunCheckpoint` the `batches`"):
        resumed_fit(model, RunCheckpoint(tmp_path), 3)


MODULE = "keras_drop.training.callbacks.run_checkpoint"


@neutral
def test_of_several_processes_the_first_one_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{MODULE}.process_index", lambda: 1)
    checkpoint = RunCheckpoint(tmp_path / "run", Batches())
    resumed_fit(build(seed=1), checkpoint, 2, verbose=0)
    assert not (tmp_path / "run").exists()


@neutral
def test_processes_that_see_other_checkpoints_are_told(tmp_path, monkeypatch):
    resumed_fit(build(seed=1), RunCheckpoint(tmp_path, Batches()), 1, verbose=0)
    # The other one sees none.
    monkeypatch.setattr(
        f"{MODULE}.gather_processes", lambda value: np.array([value, -1.0])
    )
    with pytest.raises(ValueError, match="on a file system that they share"):
        RunCheckpoint(tmp_path).state()


@neutral
def test_all_processes_save_when_the_first_one_says_so(tmp_path, monkeypatch):
    said = []

    def gathered(value):
        said.append(float(value))
        return np.array([1.0, value])

    checkpoint = RunCheckpoint(tmp_path, Batches(), minutes=60, num_kept=9)
    assert checkpoint.restore(build(seed=1)) == 0
    monkeypatch.setattr(f"{MODULE}.gather_processes", gathered)
    build(seed=1).fit(
        Batches(), callbacks=[checkpoint], shuffle=False, verbose=0
    )
    # Not after the third step, which ends the epoch.
    assert said == [0.0, 0.0]
    assert len(list(tmp_path.glob("epoch-*"))) == 3
