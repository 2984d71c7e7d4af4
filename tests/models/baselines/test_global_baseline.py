import keras_hub
import numpy as np
import pytest

from keras_drop.losses import IdentityCrossEntropy, PartAveragedTriplet
from keras_drop.models import GlobalBaseline
from tests.models.small import (
    arrays,
    batch,
    hrnet,
    images,
    model_of,
    randomise,
    stages_of,
    weights,
)
from tests.reference import cross_entropy, maps, part_triplet
from tests.testing import assert_round_trip


def test_matches_reference():
    model = randomise(model_of(GlobalBaseline))
    x = images(4)
    values = weights(model)
    pooled = stages_of(model, x)[-1].mean(axis=(1, 2))
    path = "global_neck/normalisation"
    assert f"{path}/beta" not in values
    neck = maps.normalise(
        pooled,
        values[f"{path}/gamma"],
        0,
        values[f"{path}/moving_mean"],
        values[f"{path}/moving_variance"],
    )
    logits = neck @ values["global_neck/classifier/kernel"]
    outputs = arrays(model(x))
    for name, expected in {
        "global": pooled,
        "embeddings": neck[:, None],
        "global_logits": logits,
        "visibility": np.ones((4, 1)),
    }.items():
        assert outputs[name].shape == expected.shape
        np.testing.assert_allclose(
            outputs[name], expected, rtol=1e-4, atol=1e-4
        )


def test_maxima_are_pooled_if_wished():
    model, x = model_of(GlobalBaseline, pooling="max"), images(2)
    outputs = arrays(model(x))
    maxima = stages_of(model, x)[-1].max(axis=(1, 2))
    np.testing.assert_allclose(outputs["global"], maxima, rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match="average"):
        model_of(GlobalBaseline, pooling="avg")


def test_losses_match_reference():
    model = model_of(
        GlobalBaseline,
        loss_weights={"global_triplet": 0.5},
        term_losses={
            "global_identity": IdentityCrossEntropy(0.2),
            "global_triplet": PartAveragedTriplet(2.0),
        },
    )
    _, y = batch()
    rng = np.random.default_rng(0)
    outputs = {
        "global": rng.normal(size=(6, 20)).astype("float32"),
        "global_logits": rng.normal(size=(6, 3)).astype("float32"),
    }
    terms = arrays(model.loss_terms(y, outputs, training=True))
    people = y["identities"]
    expected = {
        "global_identity": cross_entropy.identity_cross_entropy(
            people, outputs["global_logits"], 0.2
        ),
        "global_triplet": part_triplet.part_averaged_triplet(
            people, outputs["global"][:, None], 2.0
        ),
    }
    assert terms.keys() == expected.keys()
    for name in terms:
        np.testing.assert_allclose(terms[name], expected[name], rtol=1e-4)
    np.testing.assert_allclose(
        arrays(model.compute_loss(None, y, outputs)),
        expected["global_identity"].mean()
        + 0.5 * expected["global_triplet"].mean(),
        rtol=1e-4,
    )


@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(
        GlobalBaseline,
        backbone=hrnet(),
        num_identities=5,
        reid_stride=8,
        term_losses={"global_triplet": PartAveragedTriplet(-1.0)},
        loss_weights={"global_identity": 2.0},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(64, 32), interpolation="bicubic"
        ),
        name="mine",
    )
