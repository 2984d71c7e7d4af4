import numpy as np
import pytest

from keras_drop.layers import PyramidConcatenation
from tests.reference import maps as reference
from tests.testing import run_layer_test


def make_pyramid(height=2, width=1, batch=2):
    rng = np.random.default_rng(0)
    return [
        rng.normal(size=(batch, height * f, width * f, c)).astype("float32")
        for f, c in ((8, 2), (4, 3), (2, 4), (1, 5))
    ]


def concatenate(pyramid, stride):
    """As the specification says it, stride by stride."""
    s1, s2, s3, s4 = pyramid
    if stride == 16:
        grid = s3.shape[1:3]
        maps = (
            reference.mean_of_blocks(s1, 4),
            reference.mean_of_blocks(s2, 2),
            s3,
            reference.resize(s4, grid, corner_aligned=False),
        )
    elif stride == 8:
        grid = s2.shape[1:3]
        maps = (
            reference.mean_of_blocks(s1, 2),
            s2,
            reference.resize(s3, grid, corner_aligned=False),
            reference.resize(s4, grid, corner_aligned=False),
        )
    else:
        grid = s1.shape[1:3]
        maps = [reference.resize(x, grid, corner_aligned=True) for x in pyramid]
    return np.concatenate(maps, axis=-1)


@pytest.mark.parametrize(("stride", "factor"), [(16, 2), (8, 4), (4, 8)])
def test_matches_reference(stride, factor):
    pyramid = make_pyramid()
    actual = run_layer_test(
        PyramidConcatenation,
        {"stride": stride},
        pyramid,
        output_shape=(2, 2 * factor, factor, 14),
    )
    np.testing.assert_allclose(
        actual, concatenate(pyramid, stride), rtol=1e-4, atol=1e-5
    )


def test_maps_at_other_strides_are_refused():
    pyramid = make_pyramid()
    pyramid[3] = pyramid[2]
    with pytest.raises(ValueError, match="multiples of 32"):
        PyramidConcatenation(16)(pyramid)


def test_another_stride_is_refused():
    with pytest.raises(ValueError, match="got 32"):
        PyramidConcatenation(32)
