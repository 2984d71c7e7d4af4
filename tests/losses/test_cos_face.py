import pytest

from keras_drop.losses import CosFace, cos_face
from tests.losses import margins as checks
from tests.reference import margins


def test_matches_reference():
    checks.assert_matches(CosFace, cos_face, margins.cos_face)


def test_gradient_matches_finite_difference():
    checks.assert_gradient(cos_face, margins.cos_face)


@pytest.mark.backend_neutral
def test_refuses_what_makes_no_sense():
    checks.assert_refuses(CosFace, -0.1)


@pytest.mark.backend_neutral
def test_round_trip():
    checks.assert_survives(CosFace)
