import numpy as np
import pytest

from keras_drop.files.pixel_values import refuse_other_pixels

pytestmark = pytest.mark.backend_neutral


def images(count):
    pixels = np.random.default_rng(0).uniform(0, 255, (count, 8, 4, 3))
    return pixels.astype("float32")


def standardised():
    return np.random.default_rng(0).normal(size=(2, 8, 4, 3)).astype("float32")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (images(2) / 255, "divided by 255"),
        (standardised(), "standardised"),
        (np.zeros((2, 8, 4, 3)), "black images.*astype"),
        (300 + images(2), "no pixel values"),
        (np.full((2, 8, 4, 3), np.nan), "no pixel values"),
        (np.full((2, 8, 4, 3), 3000, "uint16"), "more than 8 bits"),
        (np.full((2, 8, 4, 3), -1), "standardised"),
    ],
)
def test_values_that_are_no_pixels(wrong, message):
    with pytest.raises(ValueError, match=message):
        refuse_other_pixels([wrong])


def test_values_that_are():
    refuse_other_pixels([images(2)])
    refuse_other_pixels([np.zeros((2, 8, 4, 3), "uint8")])
    refuse_other_pixels([np.zeros((2, 8, 4, 3), "int64")])
    # A dark one beside others, and nothing to look at.
    refuse_other_pixels([images(1)[0], images(1)[0] / 255])
    refuse_other_pixels([])
