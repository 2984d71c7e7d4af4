"""The loss of a step, beside its terms."""

import keras
import numpy as np
import pytest

from keras_drop.models import BPBReID, GlobalBaseline
from keras_drop.models.base import weighted_terms
from tests.models.small import Pyramid, batch, model_of


@pytest.mark.parametrize("num_replicas", [1, 4])
def test_the_loss_is_shared_by_the_replicas(monkeypatch, num_replicas):
    """Keras sums the gradients of replicas; that of a mean is their mean."""
    monkeypatch.setattr(weighted_terms, "num_replicas", lambda: num_replicas)
    model = GlobalBaseline(Pyramid(), 3, loss_weights={"global_triplet": 2.5})
    x, y = batch()
    outputs = model(x)
    terms = model.loss_terms(y, outputs, training=False)
    whole = sum(
        model.loss_weights[name] * keras.ops.convert_to_numpy(term).mean()
        for name, term in terms.items()
    )
    loss = model.compute_loss(x, y, outputs, training=False)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(loss), whole / num_replicas, rtol=1e-5
    )


def test_a_part_model_without_labels_says_what_is_missing():
    model = model_of(BPBReID)
    model.compile("sgd")
    x, y = batch()
    with pytest.raises(ValueError, match=r"BPBReID learns from `parsing`, whi"):
        model.compute_loss(x, {"identities": y["identities"]}, model(x))
