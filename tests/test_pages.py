"""The examples of the documentation run, page by page."""

import re
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.backend_neutral

DOCS = Path(__file__).parents[1] / "docs"


def run_examples(name):
    """The names that the examples of a page leave."""
    page = DOCS / name
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    names = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    return names


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_evaluation(tmp_path):
    names = run_examples("guide/evaluation.md")
    assert (tmp_path / "mine.json").exists()
    assert names["card"].metrics["mAP"] > names["plain"].metrics["mAP"]
    assert names["rows"].shape == (40, 10)


def test_boosts_and_verdicts(tmp_path):
    names = run_examples("guide/boosts_and_verdicts.md")
    assert (tmp_path / "reliability.png").exists()
    assert set(names["found"].basis.ravel()) >= {"parts"}
    assert names["fused"].visibility.all(axis=1).any()


def test_parsing_labels(tmp_path):
    names = run_examples("guide/parsing_labels.md")
    assert names["images"].shape == (16, 128, 64, 3)
    assert names["targets"]["parsing"].shape == (16, 32, 16, 6)
    assert names["parts"].max() == 4
    assert names["own"].group(np.array([[7, 50]], "uint8")).tolist() == [[0, 2]]
    assert names["stripes"][0][1]["parsing"][..., 1:].any(axis=(0, 1, 2)).all()
    assert (names["again"].parsing_paths != "").all()


def test_occlusion():
    names = run_examples("guide/occlusions.md")
    targets = names["targets"]
    assert targets["occluded_images"].shape == names["images"].shape
    assert targets["part_visibility"].shape == (16, 8)
    assert names["hidden"].sum() == 128
    assert names["stage"].stage_at(30).probability == 0.4
    assert len(names["obstacles"].bank) == 27
    assert names["same"]
