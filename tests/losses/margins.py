"""What ArcFace, CosFace and circle loss are tested by, on the same cosines."""

import keras
import numpy as np
import pytest

from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.testing import assert_round_trip


def make_batch(seed, batch=6, num_identities=4):
    """The own person is once farther than half a turn allows."""
    rng = np.random.default_rng(seed)
    identities = rng.integers(num_identities, size=batch)
    cosines = rng.uniform(-0.95, 0.95, size=(batch, num_identities))
    cosines[0, identities[0]] = -0.94
    return identities, cosines


def assert_matches(loss, function, slow):
    """Values of the loss and of the function are those of the reference."""
    identities, cosines = make_batch(seed=1)
    for margin, scale in ((0.4, 5.0), (0.0, 8.0)):
        expected = slow(identities, cosines, margin, scale)
        actual = function(identities, cosines, margin, scale)
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(actual), expected, rtol=1e-4, atol=1e-5
        )
        np.testing.assert_allclose(
            float(loss(margin, scale)(identities, cosines)),
            expected.mean(),
            rtol=1e-4,
        )


def assert_gradient(function, slow):
    """It is that of the reference, and finite for perfect cosines."""
    identities, cosines = make_batch(seed=2)
    expected = finite_difference(
        lambda x: slow(identities, x, 0.3, 4.0).sum(), cosines
    )

    def total(x):
        return keras.ops.sum(function(identities[: len(x)], x, 0.3, 4.0))

    actual = autodiff(jitted(total), cosines)
    np.testing.assert_allclose(actual, expected, rtol=2e-3, atol=1e-4)
    perfect = np.full((1, 4), -1.0)
    perfect[0, identities[0]] = 1.0
    assert np.isfinite(autodiff(total, perfect)).all()


def assert_refuses(loss, margin):
    """Margins and scales that make no sense."""
    with pytest.raises(ValueError, match=f"`margin` is {margin}"):
        loss(margin=margin)
    with pytest.raises(ValueError, match=r"`scale` is -2\.0"):
        loss(scale=-2.0)


def assert_survives(loss):
    """The round trip through JSON."""
    arguments = {"margin": 0.125, "scale": 16.0}
    assert_round_trip(
        loss, **arguments, reduction="sum", name="mine", dtype="float64"
    )
