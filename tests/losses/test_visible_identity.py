import keras
import numpy as np
import pytest

from keras_drop.losses import VisibleIdentity, visible_identity
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import hpnet
from tests.testing import assert_round_trip


def make_batch(seed, batch=5, num_parts=3, num_identities=4):
    """One image shows nothing, one part is nowhere to be seen."""
    rng = np.random.default_rng(seed)
    identities = rng.integers(num_identities, size=batch)
    visibility = rng.integers(2, size=(batch, num_parts))
    visibility[1], visibility[:, 2], visibility[0, 0] = 0, 0, 1
    logits = 3 * rng.normal(size=(batch, num_parts, num_identities))
    return identities, logits, visibility.astype("float32")


def numpy(x):
    return keras.ops.convert_to_numpy(x)


@pytest.mark.parametrize("id_norm", ["batch", "visible"])
@pytest.mark.parametrize("seed", range(3))
def test_matches_reference(seed, id_norm):
    identities, logits, visibility = make_batch(seed)
    expected = hpnet.visible_identity(identities, logits, visibility, id_norm)
    actual = jitted(lambda *x: visible_identity(*x, id_norm))(
        identities, logits.astype("float32"), visibility
    )
    assert expected.any() and expected[1] == 0
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4)
    batch = {"logits": logits.astype("float32"), "visibility": visibility}
    loss = VisibleIdentity(id_norm)(identities, batch)
    assert float(loss) == pytest.approx(expected.mean(), rel=1e-4)


@pytest.mark.parametrize("id_norm", ["batch", "visible"])
def test_gradient_matches_finite_difference(id_norm):
    identities, logits, visibility = make_batch(3)
    expected = finite_difference(
        lambda x: hpnet.visible_identity(
            identities, x, visibility, id_norm
        ).mean(),
        logits,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.mean(
                visible_identity(identities, x, visibility, id_norm)
            )
        ),
        logits,
    )
    assert not actual[visibility == 0].any()
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("id_norm", ["batch", "visible"])
def test_nothing_visible_costs_nothing(id_norm):
    identities, logits, visibility = make_batch(4)

    def loss(x):
        return keras.ops.sum(
            visible_identity(identities, x, 0 * visibility, id_norm)
        )

    assert float(loss(logits.astype("float32"))) == 0
    np.testing.assert_array_equal(autodiff(loss, logits), 0.0)


def test_refuses_an_unknown_norm():
    with pytest.raises(
        ValueError, match=r"`id_norm` is one of .*'visible'; got 'part'"
    ):
        VisibleIdentity("part")


def test_round_trip():
    assert_round_trip(
        VisibleIdentity, id_norm="visible", reduction="sum", dtype="float64"
    )
