import numpy as np
import pytest

from keras_drop.losses import CircleIdentity, circle_identity
from tests.losses import margins as checks
from tests.reference import margins


def test_matches_reference():
    checks.assert_matches(CircleIdentity, circle_identity, margins.circle)


def weighed(identities, cosines, margin, scale):
    """The weights of the cosines have no gradient."""
    _, start = checks.make_batch(seed=2)
    return margins.circle(identities, cosines, margin, scale, start)


def test_gradient_matches_finite_difference():
    checks.assert_gradient(circle_identity, weighed)


@pytest.mark.backend_neutral
def test_refuses_what_makes_no_sense():
    checks.assert_refuses(CircleIdentity, 1.1)


@pytest.mark.backend_neutral
def test_round_trip():
    checks.assert_survives(CircleIdentity)


def test_a_smaller_margin_is_stricter():
    identities, cosines = checks.make_batch(seed=3)
    losses = [
        float(CircleIdentity(margin, 4.0)(identities, cosines))
        for margin in (0.0, 0.2, 0.4)
    ]
    assert np.all(np.diff(losses) < 0)
