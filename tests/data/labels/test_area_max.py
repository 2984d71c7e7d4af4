import numpy as np
import pytest

from keras_drop.data import Transform, random_transform
from keras_drop.data.labels.area_max import area_max
from tests.data.transforms.test_random_transform import as_reference
from tests.reference.training_transforms import pad_and_crop

pytestmark = pytest.mark.backend_neutral


def slow_cells(numbers, size, flip, crop, hole):
    """Sets of parts: of every image pixel, then of every cell."""
    height, width = size
    pixels = np.zeros((*size, 64), bool)
    for r in range(height):
        for c in range(width):
            for y in range(numbers.shape[0]):
                for x in range(numbers.shape[1]):
                    # Whether label pixel and image pixel overlap.
                    rows = (
                        y * height < (r + 1) * numbers.shape[0]
                        and (y + 1) * height > r * numbers.shape[0]
                    )
                    columns = (
                        x * width < (c + 1) * numbers.shape[1]
                        and (x + 1) * width > c * numbers.shape[1]
                    )
                    if rows and columns:
                        pixels[r, c, numbers[y, x]] = True
    if flip:
        pixels = pixels[:, ::-1]
    pixels = pad_and_crop(pixels, *crop, 10)
    if hole:
        top, left, high, wide = hole
        pixels[top : top + high, left : left + wide] = False
    pixels[..., 0] = False
    cells = np.zeros((height // 4, width // 4, 64), bool)
    for r in range(height):
        for c in range(width):
            cells[r // 4, c // 4] |= pixels[r, c]
    return cells


@pytest.mark.parametrize("label_size", [(16, 8), (29, 13), (7, 5)])
@pytest.mark.parametrize("seed", range(3))
def test_matches_the_literal_order(label_size, seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 15, label_size).astype("uint8")
    numbers[rng.random(label_size) < 0.8] = 0
    numbers[0, 0] = 63
    transform = random_transform((16, 8), ("flip", "crop", "erase"), rng)
    flip, crop, _, hole = as_reference(transform)
    expected = slow_cells(numbers, (16, 8), flip, crop, hole)
    bits = area_max(numbers, transform)
    actual = bits[..., None] >> np.arange(64, dtype="uint64") & np.uint64(1)
    np.testing.assert_array_equal(actual.astype(bool), expected)


def test_without_parts():
    assert not area_max(np.zeros((9, 9), "uint8"), Transform((8, 8))).any()
