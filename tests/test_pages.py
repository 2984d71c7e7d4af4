"""The examples of the documentation run, page by page."""

import re
from pathlib import Path

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
    names = run_examples("evaluation.md")
    assert (tmp_path / "mine.json").exists()
    assert names["card"].metrics["mAP"] > names["plain"].metrics["mAP"]
    assert names["rows"].shape == (40, 10)


def test_boosts_and_verdicts(tmp_path):
    names = run_examples("evaluation_extras.md")
    assert (tmp_path / "reliability.png").exists()
    assert set(names["found"].basis.ravel()) >= {"parts"}
    assert names["fused"].visibility.all(axis=1).any()
