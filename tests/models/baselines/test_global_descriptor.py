import keras
import numpy as np
import pytest

from keras_drop.models.baselines.global_descriptor import (
    global_descriptor,
)
from tests.models.small import arrays


@pytest.mark.parametrize("side", ["before_neck", "after_neck"])
def test_which_side_of_the_neck_is_compared(side):
    vector = keras.Input((4,))
    model = keras.Model(vector, global_descriptor(vector, 3, {}, side))
    neck = model.get_layer("global_neck").normalisation
    neck.gamma.assign([1.0, 2.0, 3.0, 4.0])
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    outputs = arrays(model(x))
    scaled = x * [1, 2, 3, 4] / np.sqrt(1 + 1e-5)
    expected = x if side == "before_neck" else scaled
    np.testing.assert_allclose(
        outputs["embeddings"], expected[:, None], rtol=1e-4
    )
    np.testing.assert_array_equal(outputs["global"], x)
    np.testing.assert_array_equal(outputs["visibility"], np.ones((5, 1)))
    assert outputs["global_logits"].shape == (5, 3)
