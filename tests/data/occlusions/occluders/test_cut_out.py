import numpy as np
import pytest

from keras_drop.data.occlusions.occluders.cut_out import cut_out

pytestmark = pytest.mark.backend_neutral


def make(size=(40, 30)):
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (*size, 3)).astype("uint8")
    mask = np.zeros(size, bool)
    mask[10:30, 5:20] = True
    mask[10:15, 5:10] = False
    return image, mask


def test_cuts_the_box_of_the_mask():
    image, mask = make()
    occluder = cut_out(image, mask)
    assert occluder.dtype == "uint8"
    np.testing.assert_array_equal(occluder[..., :3], image[10:30, 5:20])
    alpha = occluder[..., 3].astype(int)
    inside = mask[10:30, 5:20]
    assert (alpha[inside] > 127).all()
    assert (alpha[~inside] <= 127).all()
    assert alpha[8, 8] == 255
    assert alpha[2, 2] == 0
    assert 0 < alpha[2, 5] < 255


def test_shrinks_to_the_longer_side():
    image, mask = make()
    assert cut_out(image, mask, max_side=10).shape == (10, 8, 4)
    assert cut_out(image, mask, max_side=20).shape == (20, 15, 4)
