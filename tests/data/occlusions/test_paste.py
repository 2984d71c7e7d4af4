import numpy as np
import pytest

from keras_drop.data.occlusions.paste import paste, premultiplied
from tests.data.occlusions.banks import random_occluder
from tests.reference import occlusions as slow

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    ("top", "left"),
    [(2, 3), (-4, 5), (15, -2), (0, 0), (-12, 0), (20, 3), (-3, 9), (0, -7)],
)
def test_matches_reference(top, left):
    rng = np.random.default_rng(1)
    image = rng.uniform(0, 255, (20, 10, 3)).astype("float32")
    before = image.copy()
    occluder = random_occluder(0)
    actual, hidden = paste(image, occluder, top, left)
    expected, expected_hidden = slow.paste(
        image, occluder[..., :3], occluder[..., 3] / 255, top, left
    )
    assert actual.dtype == "float32"
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(hidden, expected_hidden)
    np.testing.assert_array_equal(image, before)


def test_what_is_transparent_leaves_every_bit():
    image = np.random.default_rng(1).uniform(0, 255, (9, 7, 3)).astype("f4")
    pasted, hidden = paste(image, np.zeros((9, 7, 4), "uint8"), 0, 0)
    np.testing.assert_array_equal(pasted, image)
    assert not hidden.any()


def test_half_is_not_hidden():
    occluder = np.zeros((1, 2, 4), "uint8")
    occluder[..., 3] = 127, 128
    _, hidden = paste(np.zeros((1, 2, 3)), occluder, 0, 0)
    assert hidden.tolist() == [[False, True]]


def test_premultiplied():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (5, 4, 3)).astype("uint8")
    alpha = rng.integers(0, 256, (5, 4)).astype("uint8")
    actual = premultiplied(image, alpha)
    expected = image / 255.0 * alpha[..., None]
    assert np.abs(actual[..., :3] - expected).max() <= 0.501
    np.testing.assert_array_equal(actual[..., 3], alpha)
