import pytest

from keras_drop.losses import ArcFace, arc_face
from tests.losses import margins as checks
from tests.reference import margins


def test_matches_reference():
    checks.assert_matches(ArcFace, arc_face, margins.arc_face)


def test_gradient_matches_finite_difference():
    checks.assert_gradient(arc_face, margins.arc_face)


@pytest.mark.backend_neutral
def test_refuses_what_makes_no_sense():
    checks.assert_refuses(ArcFace, 1.6)


@pytest.mark.backend_neutral
def test_round_trip():
    checks.assert_survives(ArcFace)
