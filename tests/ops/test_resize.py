import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.ops import resize_corner_aligned, resize_half_pixel
from tests.reference import maps as reference

RESIZES = {True: resize_corner_aligned, False: resize_half_pixel}
ROW = np.arange(4, dtype="float32").reshape(1, 1, 4, 1)


@pytest.mark.parametrize(
    ("corner_aligned", "length", "expected"),
    [
        (True, 7, [0, 0.5, 1, 1.5, 2, 2.5, 3]),
        (True, 2, [0, 3]),
        (True, 1, [0]),
        (False, 2, [0.5, 2.5]),
    ],
)
def test_a_row_becomes(corner_aligned, length, expected):
    resized = RESIZES[corner_aligned](ROW, (1, length))
    np.testing.assert_allclose(
        ops.convert_to_numpy(resized).ravel(), expected, atol=1e-6
    )


@pytest.mark.parametrize("corner_aligned", [True, False])
@pytest.mark.parametrize("size", [(8, 6), (7, 2), (1, 9)])
def test_matches_reference(corner_aligned, size):
    x = np.random.default_rng(0).normal(size=(2, 4, 3, 2)).astype("float32")
    resized = RESIZES[corner_aligned](ops.array(x), size)
    assert tuple(resized.shape) == (2, *size, 2)
    np.testing.assert_allclose(
        ops.convert_to_numpy(resized),
        reference.resize(x, size, corner_aligned),
        atol=1e-5,
    )


@pytest.mark.parametrize("corner_aligned", [True, False])
def test_the_same_size_is_the_identity(corner_aligned):
    x = ops.ones((1, 4, 3, 2))
    assert RESIZES[corner_aligned](x, (4, 3)) is x


@pytest.mark.parametrize("corner_aligned", [True, False])
def test_works_in_half_precision(corner_aligned):
    x = ops.ones((1, 2, 2, 1), "bfloat16")
    resized = RESIZES[corner_aligned](x, (4, 3))
    assert keras.backend.standardize_dtype(resized.dtype) == "bfloat16"
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ops.cast(resized, "float32")), 1.0
    )


@pytest.mark.parametrize("corner_aligned", [True, False])
def test_an_unknown_size_is_refused(corner_aligned):
    with pytest.raises(ValueError, match="fixed height and width"):
        RESIZES[corner_aligned](keras.Input((None, 4, 1)), (2, 2))
