"""The examples of the page about boosts and verdicts run."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.backend_neutral

PAGE = Path(__file__).parents[2] / "docs" / "evaluation_extras.md"


def test_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 7
    names = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    assert (tmp_path / "reliability.png").exists()
    assert set(names["found"].basis.ravel()) >= {"parts"}
    assert names["fused"].visibility.all(axis=1).any()
