import cv2
import numpy as np
import pytest

from keras_drop.data.occlusions.scene.paste import cover, paste, premultiplied
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
    actual = image.copy()
    occluder = random_occluder(0)
    hidden = paste(actual, occluder, top, left)
    expected, expected_hidden = slow.paste(
        image, occluder[..., :3], occluder[..., 3] / 255, top, left
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(hidden, expected_hidden)


def test_what_is_transparent_leaves_every_bit():
    image = np.random.default_rng(1).uniform(0, 255, (9, 7, 3)).astype("f4")
    pasted = image.copy()
    hidden = paste(pasted, np.zeros((9, 7, 4), "uint8"), 0, 0)
    np.testing.assert_array_equal(pasted, image)
    assert not hidden.any()


def test_half_is_not_hidden():
    occluder = np.zeros((1, 2, 4), "uint8")
    occluder[..., 3] = 127, 128
    hidden = paste(np.zeros((1, 2, 3), "float32"), occluder, 0, 0)
    assert hidden.tolist() == [[False, True]]


def test_premultiplied():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (5, 4, 3)).astype("uint8")
    alpha = rng.integers(0, 256, (5, 4)).astype("uint8")
    actual = premultiplied(image, alpha)
    expected = image / 255.0 * alpha[..., None]
    assert np.abs(actual[..., :3] - expected).max() <= 0.501
    np.testing.assert_array_equal(actual[..., 3], alpha)


def test_cover():
    rng = np.random.default_rng(0)
    image = rng.uniform(0, 255, (9, 7, 3)).astype("float32")
    before, hidden = image.copy(), rng.random((9, 7)) < 0.4
    for colour in ((1.5, 2.0, 300.0), (0.0, 1.0, 2.0)):
        cover(image, hidden, colour)
        assert (image[hidden] == colour).all()
        np.testing.assert_array_equal(image[~hidden], before[~hidden])


def test_works_on_a_part_of_a_batch():
    batch = np.zeros((2, 9, 7, 3), "float32")
    cover(batch[1], np.ones((9, 7), bool), (1, 2, 3))
    paste(batch[1], np.full((2, 2, 4), 255, "uint8"), 0, 0)
    assert not batch[0].any()
    assert (batch[1, 2:] == (1, 2, 3)).all()
    assert (batch[1, :2, :2] == 255).all()


def test_other_layouts_are_covered_or_refused():
    image = np.zeros((2, 12, 8, 3), "float32")[1, 2:9, 1:5]
    cover(image, np.ones((7, 4), bool), (1, 2, 3))
    assert (image == (1, 2, 3)).all()
    with pytest.raises(ValueError, match="needs float32; this one has uint8"):
        cover(np.zeros((2, 2, 3), "uint8"), np.ones((2, 2), bool), (1, 2, 3))
    with pytest.raises(cv2.error, match="Layout"):
        cover(image[:, ::-1], np.ones((7, 4), bool), (1, 2, 3))
