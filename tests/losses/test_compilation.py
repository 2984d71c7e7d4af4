"""All losses at once, compiled by XLA: shapes do not depend on data."""

import keras
import numpy as np
import pytest

from keras_drop import losses
from tests.compiled import compiled
from tests.gradients import autodiff

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="the other tests compile on JAX, and PyTorch has no XLA",
)


def test_losses_and_gradients_compile():
    rng = np.random.default_rng(0)
    identities = np.array([0, 0, 1, 1, 2], "int32")
    visibility = rng.integers(2, size=(5, 2)).astype("float32")
    bank = (
        rng.normal(size=(3, 2, 4)).astype("float32"),
        np.array([1, 2, -1], "int32"),
        np.ones((3, 2), "float32"),
    )
    seen = np.ones((3, 2), bool)
    centres = rng.normal(size=(3, 6)).astype("float32")
    labels = rng.integers(3, size=(5, 4, 2))
    cells = rng.integers(2, size=(5, 4, 2, 3))

    def total(embeddings):
        logits = keras.ops.reshape(embeddings[..., :3], (5, 6))
        maps = keras.ops.broadcast_to(embeddings[:, :1, None, :3], (5, 4, 2, 3))
        batch = {"embeddings": embeddings, "visibility": visibility}
        prototypes = {**batch, "prototypes": bank[0], "seen": seen}
        return (
            losses.IdentityCrossEntropy()(identities, logits)
            + losses.ArcFace()(identities, keras.ops.tanh(logits))
            + losses.CosFace()(identities, keras.ops.tanh(logits))
            + losses.CircleIdentity()(identities, keras.ops.tanh(logits))
            + losses.Centre()(
                identities, {"embeddings": logits, "centres": centres}
            )
            + losses.PartAveragedTriplet()(identities, batch)
            + losses.PartAwareCompactness(combine="asymmetric")(
                identities, {**batch, "bank": bank}
            )
            + losses.PrototypeCompactness()(identities, prototypes)
            + losses.SpatiallySmoothedParsing(total_variation_weight=0.5)(
                labels, maps
            )
            + losses.FocalParsing()(cells, maps)
            + losses.VisibilityTriplet()(identities, batch)
            + losses.VisibleIdentity("visible")(
                identities,
                {"logits": embeddings, "visibility": visibility},
            )
        )

    embeddings = rng.normal(size=(5, 2, 4)).astype("float32")
    np.testing.assert_allclose(
        float(compiled(total)(embeddings)), float(total(embeddings)), rtol=1e-5
    )
    np.testing.assert_allclose(
        autodiff(compiled(total), embeddings),
        autodiff(total, embeddings),
        rtol=1e-4,
        atol=1e-6,
    )
