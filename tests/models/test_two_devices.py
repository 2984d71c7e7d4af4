"""DROP on two devices is DROP on one: mining, memory, normalisation."""

import functools
import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from tests.models.small import MODELS, batch, model_of, randomise


def drop_and_batches():
    """The memory is read and written from the first of three steps on."""
    model = randomise(model_of(MODELS["DROP"], pemb_start_epoch=0))
    batches = [batch(4, seed=seed) for seed in range(3)]
    # Eight of twelve images, so that a person's are on both devices.
    rows = np.array([0, 4, 8, 1, 2, 5, 6, 9])
    x, y = keras.tree.map_structure(
        lambda *values: np.concatenate([value[rows] for value in values]),
        *batches,
    )
    if keras.backend.backend() == "tensorflow":
        # On its CPUs XLA compiles for minutes what runs for milliseconds.
        model.compile = functools.partial(model.compile, jit_compile=False)
    return model, x, y


@pytest.mark.skipif(
    keras.backend.backend() == "torch", reason="one device on PyTorch"
)
def test_two_devices_equal_one():
    target = f"{__name__}:drop_and_batches"
    printed = subprocess.run(
        [sys.executable, "-m", "tests.training.two_devices", target],
        env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    result = json.loads(printed.splitlines()[-1])
    np.testing.assert_allclose(result["two"], result["one"], rtol=1e-5)
    assert len(set(result["one"])) == 3
    assert result["trained_difference"] < 1e-4
    # State that follows the activations, which are in the tens: moving means
    # and variances, and the embeddings in the memory.
    assert result["weight_difference"] < 1e-3
