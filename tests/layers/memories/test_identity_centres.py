import keras
import numpy as np
import pytest

from keras_drop.layers import IdentityCentres
from tests.reference.margins import moved_centres
from tests.testing import assert_round_trip


def test_matches_reference_over_batches():
    rng = np.random.default_rng(0)
    layer, expected = IdentityCentres(4, 3, rate=0.7), np.zeros((4, 3))
    for _ in range(3):
        embeddings, identities = (
            rng.normal(size=(5, 3)),
            rng.integers(3, size=5),
        )
        layer.update(embeddings, identities)
        expected = moved_centres(expected, embeddings, identities, 0.7)
    actual = keras.ops.convert_to_numpy(layer.read())
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)
    assert not actual[3].any() and actual[:3].all()


def test_what_was_read_stays():
    layer = IdentityCentres(2, 3)
    before = layer.read()
    layer.update(np.ones((1, 3)), np.array([1]))
    assert not keras.ops.convert_to_numpy(before).any()


@pytest.mark.backend_neutral
def test_refuses_a_rate_that_leaves_the_images():
    with pytest.raises(ValueError, match="`rate` is 2"):
        IdentityCentres(2, 3, rate=2)


def test_round_trip():
    assert_round_trip(IdentityCentres, num_identities=4, dim=3, rate=0.25)
