import keras
import numpy as np
import pytest

from keras_drop.models import Focuser
from keras_drop.models.pab_reid.focuser import focused
from tests.gradients import autodiff
from tests.testing import assert_value_round_trip

neutral = pytest.mark.backend_neutral


@neutral
def test_round_trip():
    assert_value_round_trip(Focuser("map", 6, "no_skip", "none"))


@neutral
@pytest.mark.parametrize(
    "wrong",
    [{"place": "maps"}, {"start": "skip"}, {"gate": "background"}],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        Focuser(**wrong)


def test_the_gate_teaches_the_parsing():
    """What the gate lets through depends on the part maps, also backwards."""
    maps = keras.Input((4, 2, 3))
    features = keras.Input((4, 2, 6))
    sharpened, _ = focused(
        Focuser(channels=6, start="no_skip"), features, maps, maps
    )
    model = keras.Model([maps, features], sharpened)
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    x = rng.normal(size=(2, 4, 2, 6)).astype("float32")
    gradient = autodiff(
        lambda maps: keras.ops.sum(model([maps, keras.ops.array(x)]) ** 2),
        rng.dirichlet([1.0] * 3, (2, 4, 2)).astype("float32"),
    )
    assert not gradient[..., 0].any(), "the background gates nothing"
    assert (gradient[..., 1:] != 0).mean() > 0.2
