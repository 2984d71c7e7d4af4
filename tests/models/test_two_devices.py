"""A model on two devices, or in two processes, is that on one device.

DROP: mining, memory, normalisation. HPNet: what its losses and necks divide
by, and the second pass. DPEFormer: its memory, and the second stream.
"""

import functools

import keras
import numpy as np
import pytest

from keras_drop.models import (
    DROP,
    BPBReID,
    GlobalBaseline,
    HardMasks,
    HPNet,
    PABReID,
    PartMemory,
    TransReIDBaseline,
)
from tests.models.backbones.small_vit import small_vit
from tests.models.small import IMAGE_SIZE, batch, model_of, randomise
from tests.testing import (
    SLOW_NIGHTLY_ON_JAX,
    in_two_processes,
    on_two_devices,
)

# Eight of twelve images, so that a person's are on both devices.
ROWS = np.array([0, 4, 8, 1, 2, 5, 6, 9])


def drop_and_batches():
    """The memory is read and written from the first of three steps on.

    By the paper's weights, and in float64: steps that are far too long double
    what is rounded until the third one, as do lengths of parts near 0, and in
    float32 the weights of two devices are 2e-3 apart by then. Batch
    normalisation of PyTorch's processes knows no float64; in float32 theirs
    are 2e-4 apart.
    """
    switches = {
        "memory": PartMemory(size=10, start_epoch=0),
        "loss_weights": {"parsing": 1.0},
    }
    if keras.backend.backend() != "torch":
        keras.config.set_floatx("float64")
    if keras.backend.backend() == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    return quickly_compiled(randomise(model_of(DROP, **switches)))


def hpnet_and_batches():
    """As released but for turns, with normalisation by visible rows."""
    switches = {
        "term_losses": HPNet.default_term_losses(release=True),
        "masks": HardMasks(masked_normalization=True),
    }
    model, x, y = quickly_compiled(randomise(model_of(HPNet, **switches)))
    y["parsing_only"] = {
        "images": x[::-1].copy(),
        "parsing": y["parsing"][::-1].copy(),
        "parsing_weight": y["parsing_weight"][::-1].copy(),
    }
    return model, x, y


def bpbreid_and_batches():
    return quickly_compiled(randomise(model_of(BPBReID)))


def pab_reid_and_batches():
    return quickly_compiled(randomise(model_of(PABReID)))


def baseline_and_batches():
    return quickly_compiled(randomise(model_of(GlobalBaseline)))


def transreid_and_batches():
    # Devices would draw paths of their own.
    backbone = small_vit(
        image_shape=(*IMAGE_SIZE, 3), num_layers=3, drop_path_rate=0.0
    )
    return quickly_compiled(randomise(TransReIDBaseline(backbone, 3)))


def quickly_compiled(model):
    """The model, and three batches."""
    batches = [batch(4, seed=seed) for seed in range(3)]
    x, y = keras.tree.map_structure(
        lambda *values: np.concatenate([value[ROWS] for value in values]),
        *batches,
    )
    if keras.backend.backend() == "tensorflow":
        # On its CPUs XLA compiles for minutes what runs for milliseconds.
        model.compile = functools.partial(model.compile, jit_compile=False)
    return model, x, y


DPEFORMER = "tests.models.dpeformer.test_dpeformer:model_and_batches"
nightly = pytest.mark.nightly


@SLOW_NIGHTLY_ON_JAX
@pytest.mark.skipif(
    keras.backend.backend() == "torch", reason="a device a process on PyTorch"
)
@pytest.mark.parametrize(
    "target, rtol",
    [
        (f"{__name__}:drop_and_batches", 1e-5),
        pytest.param(f"{__name__}:hpnet_and_batches", 1e-5, marks=nightly),
        pytest.param(DPEFORMER, 1e-4, marks=nightly),
    ],
    ids=["DROP", "HPNet", "DPEFormer"],
)
def test_two_devices_equal_one(target, rtol):
    assert_equal(on_two_devices(target), rtol)


@nightly
@pytest.mark.parametrize(
    "target, rtol",
    [
        (f"{__name__}:baseline_and_batches", 1e-5),
        (f"{__name__}:bpbreid_and_batches", 1e-5),
        (f"{__name__}:drop_and_batches", 1e-5),
        (f"{__name__}:pab_reid_and_batches", 1e-5),
        (f"{__name__}:hpnet_and_batches", 1e-5),
        (DPEFORMER, 1e-4),
        (f"{__name__}:transreid_and_batches", 1e-5),
    ],
    ids=[
        "baseline",
        "BPBReID",
        "DROP",
        "PAB-ReID",
        "HPNet",
        "DPEFormer",
        "TransReID",
    ],
)
def test_two_processes_equal_one_device(target, rtol):
    rounded = keras.backend.backend() == "torch" and "drop" in target
    assert_equal(in_two_processes(target), rtol, 5e-4 if rounded else 1e-4)


def assert_equal(result, rtol, trained=1e-4):
    np.testing.assert_allclose(result["two"], result["one"], rtol=rtol)
    assert len(set(result["one"])) == 3
    assert result["trained_difference"] < trained
    # State that follows the activations, which are in the tens: moving means
    # and variances, and the embeddings in the memory.
    assert result["weight_difference"] < 1e-3
