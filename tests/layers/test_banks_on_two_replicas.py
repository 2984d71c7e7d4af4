import subprocess
import sys

import keras
import pytest


@pytest.mark.slow
@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="replicas inside one process are TensorFlow's",
)
def test_two_replicas_hold_what_one_device_holds():
    run = subprocess.run(
        [sys.executable, "-m", "tests.layers.banks_on_two_replicas"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
