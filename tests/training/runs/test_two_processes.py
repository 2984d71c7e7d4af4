"""Run in two processes: the files, and the weights, are those of one."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from keras_drop import load_model
from tests.testing import start_two
from tests.training.runs.two_process_run import train


def curve(run_dir):
    with open(run_dir / "history.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.nightly
def test_two_processes_leave_what_one_leaves(data_dir, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    start_two("tests.training.runs.two_process_run", str(data_dir), str(two))
    train(data_dir, one)
    assert names(one) == names(two)
    for row, expected in zip(curve(two), curve(one), strict=True):
        assert row.keys() == expected.keys()
        for name in ("epoch", "loss", "global_identity"):
            assert float(row[name]) == pytest.approx(
                float(expected[name]), rel=1e-4
            )
    # Two processes that start twice go on from the first one's checkpoint.
    assert [row["epoch"] for row in curve(two)] == ["0", "1"]
    got, expected = (
        load_model(folder / "model.keras").get_weights()
        for folder in (two, one)
    )
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3)
    settings = [
        json.loads((folder / "card.json").read_text())["model"]["run"][
            "training_images"
        ]
        for folder in (one, two)
    ]
    assert settings[0] == settings[1]


def names(folder: Path):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if "tensorboard" not in path.parts
    }
