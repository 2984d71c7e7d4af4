import keras
import numpy as np
import pytest

from keras_drop.losses import PartMapDistillation, part_map_distillation
from tests.gradients import autodiff, finite_difference
from tests.reference import distillation as reference
from tests.testing import assert_round_trip


def maps(seed, grid=(4, 2)):
    rng = np.random.default_rng(seed)
    exponents = np.exp(rng.normal(size=(3, *grid, 4)))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def test_matches_reference():
    teacher, student = maps(1), maps(2)
    expected = reference.part_maps(teacher, student)
    actual = part_map_distillation(teacher, student)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-4, atol=1e-6
    )
    loss = float(PartMapDistillation()(teacher, student))
    assert loss == pytest.approx(expected.mean(), rel=1e-4)


def test_the_teacher_is_resized():
    """Halved, bilinearly, a map is the means of its fours."""
    teacher, student = maps(1, (8, 4)), maps(2)
    halved = teacher.reshape(3, 4, 2, 2, 2, 4).mean(axis=(2, 4))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(part_map_distillation(teacher, student)),
        reference.part_maps(halved, student),
        rtol=1e-4,
    )


def test_gradient_matches_finite_difference():
    teacher, student = maps(3), maps(4)
    expected = finite_difference(
        lambda x: reference.part_maps(teacher, x).sum(), student
    )
    actual = autodiff(
        lambda x: keras.ops.sum(part_map_distillation(teacher, x)), student
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-2, atol=1e-4)


@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(
        PartMapDistillation, reduction="sum", name="maps", dtype="float64"
    )
