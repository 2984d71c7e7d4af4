"""The same weights say and lose the same, whatever the backend."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.models.agreement import (
    MODELS,
    assert_agree,
    descriptors_and_losses,
)
from tests.models.backbones.small_vit import small_vit
from tests.models.small import (
    IMAGE_SIZE,
    NUM_IDENTITIES,
    model_of,
    randomise,
    resnet,
)

# From TensorFlow to the others and back.
pytestmark = pytest.mark.backend_neutral


def vit_of_three_cameras():
    return small_vit(image_shape=(*IMAGE_SIZE, 3), num_layers=3, num_cameras=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Models with a memory that is in use, as presets, and their results."""
    folder = tmp_path_factory.mktemp("presets")
    for name, cls in MODELS.items():
        if name == "TransReIDBaseline":
            model = randomise(cls(vit_of_three_cameras(), NUM_IDENTITIES))
        else:
            model = randomise(model_of(cls, resnet()))
        if name == "DROP":
            rng = np.random.default_rng(0)
            model.bank.enqueue(
                rng.random((5, 3, 512)), [0, 1, 2, 0, 1], np.ones((5, 3))
            )
            model.epoch.assign(3)
        model.save_to_preset(str(folder / name))
        np.savez(folder / f"{name}.npz", **descriptors_and_losses(model))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "backend", [pytest.param("jax", marks=pytest.mark.nightly), "torch"]
)
def test_presets_cross_backends(folder, backend):
    subprocess.run(
        [sys.executable, "-m", "tests.models.agreement", str(folder)],
        # Without gradients, what decision 0005 is about, nothing is lost.
        env={
            **os.environ,
            "KERAS_BACKEND": backend,
            "XLA_FLAGS": "--xla_backend_optimization_level=0",
        },
        check=True,
    )
    for name, cls in MODELS.items():
        back = cls.from_preset(str(folder / backend / name))
        expected = np.load(folder / f"{name}.npz")
        assert_agree(
            descriptors_and_losses(back),
            expected,
            tolerance=1e-6,
            loss_tolerance=1e-4,
        )
