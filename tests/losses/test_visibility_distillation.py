import keras
import numpy as np
import pytest

from keras_drop.losses import VisibilityDistillation, visibility_distillation
from tests.gradients import autodiff, finite_difference
from tests.losses.test_part_map_distillation import maps
from tests.reference import distillation as reference
from tests.testing import assert_round_trip

SEEN = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]])


def test_matches_reference():
    expected = reference.visibility(SEEN, maps(1))
    actual = visibility_distillation(SEEN, maps(1))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-4, atol=1e-6
    )
    loss = float(VisibilityDistillation()(SEEN, maps(1)))
    assert loss == pytest.approx(expected.mean(), rel=1e-4)


def test_gradient_matches_finite_difference():
    expected = finite_difference(
        lambda x: reference.visibility(SEEN, x).sum(), maps(2)
    )
    actual = autodiff(
        lambda x: keras.ops.sum(visibility_distillation(SEEN, x)), maps(2)
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-2, atol=1e-4)


def test_certainty_is_finite():
    certain = np.zeros((1, 1, 1, 3))
    certain[..., 1] = 1.0
    loss = visibility_distillation([[0.0, 1.0]], certain)
    assert 10 < float(loss[0]) < 20


@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(
        VisibilityDistillation, reduction="sum", name="seen", dtype="float64"
    )
