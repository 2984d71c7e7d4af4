"""An editor sees a misspelt name, and only that."""

import subprocess
import sys
from pathlib import Path

import pytest

import keras_drop as kd

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What mypy says about the lines of a file, by the name of the file."""
    folder = tmp_path_factory.mktemp("mypy")
    lines = {
        "public": [f"kd.{name}" for name in kd.__all__],
        "package": ["kd.losses.FocalParsing", "kd.losess.FocalParsing"],
        "name": ["kd.models.DROP", "kd.models.DORP"],
        "argument": [
            "kd.models.DROP(..., 2, part_schema=...)",
            "kd.models.DROP(..., 2, part_schem=...)",
        ],
        "choice": [
            'kd.evaluation.Distance("cosine")',
            'kd.evaluation.Distance("cosin")',
        ],
    }
    for name, statements in lines.items():
        text = "\n".join(["import keras_drop as kd", *statements])
        (folder / f"{name}.py").write_text(text + "\n")
    command = [sys.executable, "-m", "mypy", "--no-error-summary"]
    options = ["--follow-imports=silent", "--ignore-missing-imports"]
    found = subprocess.run(
        [*command, *options, f"--cache-dir={folder}/cache", folder],
        env={"MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert found.returncode in (0, 1), found.stderr + found.stdout
    errors = {name: [] for name in lines}
    for line in found.stdout.splitlines():
        path, number, kind, text = line.split(":", 3)
        if kind.strip() == "error":
            errors[Path(path).stem].append((int(number), text))
    return errors


def test_knows_every_name(complaints):
    assert complaints["public"] == []


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("package", 'Module has no attribute "losess"'),
        ("name", 'Module has no attribute "DORP"'),
        ("argument", 'did you mean "part_schema"?'),
        (
            "choice",
            "expected \"Literal['euclidean', 'sqeuclidean'",
        ),
    ],
)
def test_sees_a_misspelt_name(complaints, mistake, message):
    [(line, text)] = complaints[mistake]
    assert line == 3, "the right spelling passes"
    assert message in text


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "keras_drop" / "py.typed").exists()
