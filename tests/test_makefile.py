"""What `make demo` trains, with and without the package of the weights."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from keras_drop.models.backbones import PACKAGED_WEIGHTS
from keras_drop.recipes import demo

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.backend_neutral,
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


@pytest.mark.parametrize(
    "shows, installs, recipe, tried",
    [
        (True, False, "demo", ["show"]),  # Offline, and installed before.
        (False, True, "demo", ["show", "install"]),
        (False, False, "demo_from_scratch", ["show", "install"]),
    ],
)
def test_the_demo_starts_from_what_can_be_had(
    shows, installs, recipe, tried, tmp_path
):
    def program(name, text):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    status = {"show": int(not shows), "install": int(not installs)}
    program(
        "pip",
        f'echo "$1" >> {tmp_path}/tried\n'
        + "\n".join(f"[ $1 = {k} ] && exit {v}" for k, v in status.items()),
    )
    program("python", 'echo "trains: $*"')
    printed = subprocess.run(
        # The environment counts as made.
        ["make", "-o", ".venv/demo.stamp", f"BIN={tmp_path}", "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.findall(r"trains: .*--recipe=(\w+)$", printed, re.M) == [recipe]
    said = "cannot be installed: DROP trains from scratch" in printed
    assert said == (recipe == "demo_from_scratch")
    assert (tmp_path / "tried").read_text().split() == tried


def test_the_package_is_that_of_the_weights():
    weights = PACKAGED_WEIGHTS[demo.RUN.backbone.weights]
    text = (ROOT / "Makefile").read_text()
    assert f"pip show --quiet {weights.distribution} " in text
