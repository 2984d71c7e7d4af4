import keras
import numpy as np

from keras_drop.losses import Centre, centre
from tests.gradients import autodiff
from tests.testing import assert_round_trip


def make_batch(seed):
    rng = np.random.default_rng(seed)
    identities = np.array([2, 0, 2, 1])
    return identities, rng.normal(size=(4, 3)), rng.normal(size=(3, 3))


def test_matches_reference():
    identities, embeddings, centres = make_batch(seed=1)
    expected = [
        0.5 * ((x - centres[person]) ** 2).sum()
        for x, person in zip(embeddings, identities)
    ]
    batch = {"embeddings": embeddings, "centres": centres}
    np.testing.assert_allclose(
        float(Centre()(identities, batch)), np.mean(expected), rtol=1e-5
    )
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(centre(identities, **batch)),
        expected,
        rtol=1e-5,
    )


def test_draws_embeddings_and_leaves_centres():
    identities, embeddings, centres = make_batch(seed=2)
    gradient = autodiff(
        lambda x: keras.ops.sum(centre(identities, x, centres)), embeddings
    )
    np.testing.assert_allclose(
        gradient, embeddings - centres[identities], rtol=1e-4, atol=1e-6
    )
    gradient = autodiff(
        lambda c: keras.ops.sum(
            centre(identities, embeddings, c) + 0 * c[0, 0]
        ),
        centres,
    )
    assert not gradient.any()


def test_round_trip():
    assert_round_trip(Centre, reduction="sum", name="centre", dtype="float64")
