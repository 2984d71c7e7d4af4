import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("disk", marks=pytest.mark.slow),
        pytest.param("milvus", marks=pytest.mark.nightly),
    ],
)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_no_image_is_lost_doubled_or_half(engine, tmp_path):
    """20 processes, killed while they add, remove and compact."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.gallery.killed_at_random",
            tmp_path,
            engine,
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    interrupted, left = map(int, done.stdout.split())
    assert interrupted >= 10 and left > 0
