import keras
import numpy as np
import pytest

from keras_drop.losses import VisibilityTriplet, visibility_triplet
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import hpnet
from tests.testing import assert_round_trip


def make_batch(seed, num_identities=3, images_each=3, num_parts=4, dim=5):
    """One image shows nothing, one part is nowhere to be seen."""
    rng = np.random.default_rng(seed)
    identities = np.repeat(np.arange(num_identities), images_each)
    visibility = rng.integers(2, size=(identities.size, num_parts))
    visibility[1], visibility[:, 2] = 0, 0
    embeddings = rng.normal(size=(identities.size, num_parts, dim))
    return identities, embeddings, visibility.astype("float32")


def numpy(x):
    return keras.ops.convert_to_numpy(x)


@pytest.mark.parametrize("margin", [0.3, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_matches_reference(seed, margin):
    identities, embeddings, visibility = make_batch(seed)
    expected = hpnet.visibility_triplet(
        identities, embeddings, visibility, margin
    )
    actual = jitted(lambda *x: visibility_triplet(*x, margin))(
        identities, embeddings.astype("float32"), visibility
    )
    assert expected.any() and expected[1] == 0
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4, atol=1e-5)


def test_the_mean_counts_every_image():
    """Also those that cannot be judged."""
    identities, embeddings, visibility = make_batch(0)
    batch = {
        "embeddings": embeddings.astype("float32"),
        "visibility": visibility,
    }
    expected = hpnet.visibility_triplet(identities, embeddings, visibility, 0.7)
    assert float(VisibilityTriplet(0.7)(identities, batch)) == pytest.approx(
        expected.mean(), rel=1e-4
    )


def test_gradient_matches_finite_difference():
    identities, embeddings, visibility = make_batch(4)
    expected = finite_difference(
        lambda x: hpnet.visibility_triplet(
            identities, x, visibility, 2.0
        ).mean(),
        embeddings,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.mean(
                visibility_triplet(identities, x, visibility, 2.0)
            )
        ),
        embeddings,
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


def test_somebody_who_shares_no_part_with_anybody_costs_nothing():
    """Also not the others of the batch, and all gradients are finite."""
    identities, embeddings, visibility = make_batch(5)
    visibility[:3], visibility[3:, 3] = [0, 0, 0, 1], 0
    visibility[3:, 0] = 1
    visibility[:3, 3] = [1, 0, 0]  # Nor with the own other images.

    def losses(x):
        return visibility_triplet(identities, x, visibility, 9.0)

    gradient = autodiff(jitted(lambda x: keras.ops.sum(losses(x))), embeddings)
    values = numpy(losses(embeddings.astype("float32")))
    assert not values[:3].any() and (values[3:] > 0).all()
    assert not gradient[:3].any() and np.isfinite(gradient).all()
    alone = numpy(
        visibility_triplet(
            identities[3:],
            embeddings[3:].astype("float32"),
            visibility[3:],
            9.0,
        )
    )
    np.testing.assert_allclose(values[3:], alone, rtol=1e-5)


@pytest.mark.parametrize("identities", [[0, 0, 0], [0, 1, 2]])
def test_no_triplet_costs_nothing(identities):
    embeddings, visibility = np.eye(3)[:, None], np.ones((3, 1), "float32")
    losses = visibility_triplet(
        identities, embeddings.astype("float32"), visibility, 9.0
    )
    assert not numpy(losses).any()
    gradient = autodiff(
        lambda x: keras.ops.sum(
            visibility_triplet(identities, x, visibility, 9.0)
        ),
        embeddings,
    )
    np.testing.assert_array_equal(gradient, 0.0)


def test_round_trip():
    assert_round_trip(
        VisibilityTriplet, margin=0.7, reduction="sum", dtype="float64"
    )
