"""A model on two devices is that on one.

DROP: mining, memory, normalisation. HPNet: what its losses and necks divide
by, and the second pass. DPEFormer: its memory, and the second stream.
"""

import functools

import keras
import numpy as np
import pytest

from keras_drop.models import DROP, HardMasks, HPNet, PartMemory
from tests.models.small import batch, model_of, randomise
from tests.testing import on_two_devices

# Eight of twelve images, so that a person's are on both devices.
ROWS = np.array([0, 4, 8, 1, 2, 5, 6, 9])


def drop_and_batches():
    """The memory is read and written from the first of three steps on."""
    return quickly_compiled(
        randomise(model_of(DROP, memory=PartMemory(size=10, start_epoch=0)))
    )


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


@pytest.mark.slow
@pytest.mark.skipif(
    keras.backend.backend() == "torch", reason="one device on PyTorch"
)
@pytest.mark.parametrize(
    "target, rtol",
    [
        (f"{__name__}:drop_and_batches", 1e-5),
        pytest.param(
            f"{__name__}:hpnet_and_batches", 1e-5, marks=pytest.mark.nightly
        ),
        pytest.param(
            "tests.models.dpeformer.test_dpeformer:model_and_batches",
            1e-4,
            marks=pytest.mark.nightly,
        ),
    ],
    ids=["DROP", "HPNet", "DPEFormer"],
)
def test_two_devices_equal_one(target, rtol):
    result = on_two_devices(target)
    np.testing.assert_allclose(result["two"], result["one"], rtol=rtol)
    assert len(set(result["one"])) == 3
    assert result["trained_difference"] < 1e-4
    # State that follows the activations, which are in the tens: moving means
    # and variances, and the embeddings in the memory.
    assert result["weight_difference"] < 1e-3
