import keras
import numpy as np
import pytest

from keras_drop.losses import RelationalDistillation, relational_distillation
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import distillation as reference
from tests.testing import assert_round_trip


def make_batch(seed):
    """The third part is seen in one image alone, the last image in none."""
    rng = np.random.default_rng(seed)
    visibility = np.ones((5, 3))
    visibility[0, 1] = visibility[1:, 2] = visibility[4] = 0
    return rng.normal(size=(5, 3, 4)), visibility, rng.normal(size=(5, 3, 6))


@pytest.mark.parametrize("huber", [0.25, 2.0])
def test_matches_reference(huber):
    teacher, visibility, student = make_batch(seed=1)
    expected = reference.relational(teacher, visibility, student, huber)
    actual = relational_distillation(teacher, visibility, student, huber)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-4, atol=1e-6
    )
    assert expected[4] == 0 and expected[:4].all()
    said = {"embeddings": teacher, "visibility": visibility}
    np.testing.assert_allclose(
        float(RelationalDistillation(huber)(said, student)),
        expected.mean(),
        rtol=1e-4,
    )


def test_gradient_matches_finite_difference():
    teacher, visibility, student = make_batch(seed=2)
    expected = finite_difference(
        lambda x: reference.relational(teacher, visibility, x, 0.5).sum(),
        student,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.sum(
                relational_distillation(teacher, visibility, x, 0.5)
            )
        ),
        student,
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-2, atol=1e-4)


def test_a_larger_copy_has_nothing_to_learn():
    teacher, visibility, _ = make_batch(seed=3)
    loss = relational_distillation(teacher, visibility, 7 * teacher + 1)
    assert keras.ops.convert_to_numpy(loss).max() < 1e-6


def test_no_part_in_common_costs_nothing():
    teacher, visibility, student = make_batch(seed=4)
    loss = relational_distillation(teacher, 0 * visibility, student)
    assert not keras.ops.convert_to_numpy(loss).any()


@pytest.mark.backend_neutral
def test_refuses_no_parabola():
    with pytest.raises(ValueError, match="`huber` is 0"):
        RelationalDistillation(0.0)


@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(
        RelationalDistillation,
        huber=0.5,
        reduction="sum",
        name="relations",
        dtype="float64",
    )
