import keras
import numpy as np
import pytest

from keras_drop.models.base.normalised_images import normalised_images
from tests.models.small import arrays, images

MEAN, DEVIATION = np.array([0.3, 0.4, 0.6]), np.array([0.2, 0.25, 0.1])


@pytest.mark.parametrize(
    ("switches", "mean", "deviation"),
    [
        ({}, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ({"mean": 0.5, "deviation": 0.5}, 0.5, 0.5),
        (
            {"mean": tuple(MEAN), "deviation": list(DEVIATION)},
            MEAN,
            DEVIATION,
        ),
    ],
)
def test_matches_the_formula(switches, mean, deviation):
    x = images(2, (4, 3))
    expected = (x / 255 - mean) / deviation
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(
        arrays(normalised_images(x, **switches)), expected, atol=1e-5
    )


def test_is_a_layer_of_its_name_in_a_graph():
    x = keras.Input((4, 3, 3))
    model = keras.Model(x, normalised_images(x, name="scaled"))
    assert model.get_layer("scaled").output.shape == (None, 4, 3, 3)


def test_needs_one_value_a_channel():
    with pytest.raises(ValueError):
        normalised_images(images(1), mean=(0.5, 0.5), deviation=0.5)
