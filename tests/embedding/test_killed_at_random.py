import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.backend_neutral, pytest.mark.nightly]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_no_image_is_lost_or_doubled(tmp_path):
    """Processes, killed until all images are embedded; none starts anew."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.embedding.killed_at_random", tmp_path],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5
