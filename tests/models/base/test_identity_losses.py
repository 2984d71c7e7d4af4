"""Margin losses and the centre loss in models, and by flags."""

import keras
import numpy as np
import pytest

from keras_drop.losses import ArcFace, CircleIdentity, CosFace
from keras_drop.models import (
    MODELS,
    BPBReID,
    GlobalBaseline,
    HPNet,
    parse_switches,
)
from keras_drop.training import CoupledAdam
from tests.models.small import Pyramid, batch
from tests.reference.margins import moved_centres
from tests.testing import SLOW_NIGHTLY_ON_JAX

neutral = pytest.mark.backend_neutral


def convert(x):
    return keras.ops.convert_to_numpy(x)


@neutral
def test_a_loss_of_cosines_makes_the_classifier_give_them():
    losses = {"foreground_identity": ArcFace(0.25)}
    model = BPBReID(Pyramid(), 3, part_schema="five", term_losses=losses)
    rng = np.random.default_rng(0)
    neck = model.get_layer("foreground_neck")
    normalised, cosines = neck(rng.normal(size=(2, 512)).astype("float32"))
    normalised, kernel = convert(normalised), convert(neck.classifier.kernel)
    lengths = np.linalg.norm(normalised, axis=1)[:, None]
    expected = normalised @ kernel / lengths / np.linalg.norm(kernel, axis=0)
    np.testing.assert_allclose(convert(cosines), expected, rtol=1e-3, atol=1e-5)
    assert not model.get_layer("global_neck").cosine
    again = BPBReID.from_config(model.get_config())
    assert again.get_layer("foreground_neck").cosine
    assert again.term_losses["foreground_identity"].margin == 0.25


@neutral
def test_models_without_such_a_classifier_refuse_it():
    with pytest.raises(ValueError, match=r"ArcFace needs cosines.*triplet"):
        GlobalBaseline(Pyramid(), 3, term_losses={"global_triplet": ArcFace()})
    with pytest.raises(ValueError, match="HPNet has for none of its terms"):
        HPNet.check_switches(term_losses={"identity": CosFace()})


@SLOW_NIGHTLY_ON_JAX
def test_the_centre_loss_moves_its_centres_in_training_alone():
    model = GlobalBaseline(Pyramid(), 3, loss_weights={"global_centre": 0.01})
    model.compile(CoupledAdam(1e-4), run_eagerly=True)
    images, targets = batch()
    seen = convert(model(images, training=True)["global"])
    identities = targets["identities"]
    reported = model.evaluate(images, targets, return_dict=True, verbose=0)
    assert not convert(model.centres.centres).any()
    assert reported["global_centre"] > 0
    log = model.train_on_batch(images, targets, return_dict=True)
    assert log["global_centre"] == pytest.approx(
        np.mean([0.5 * (x**2).sum() for x in seen]), rel=1e-3
    )
    np.testing.assert_allclose(
        convert(model.centres.centres),
        moved_centres(np.zeros((3, 20)), seen, identities, 0.5),
        rtol=1e-3,
        atol=1e-4,
    )
    plain = GlobalBaseline(Pyramid(), 3)
    assert plain.centres is None


@neutral
def test_flags_choose_a_loss_and_its_margin():
    losses = parse_switches(
        MODELS["drop"],
        {
            "term_losses.global_identity": "circle",
            "term_losses.foreground_identity": "cos_face",
            "term_losses.foreground_identity.scale": "16",
            "term_losses.parts_identity.label_smoothing": "0",
        },
    )["term_losses"]
    assert type(losses["global_identity"]) is CircleIdentity
    assert losses["global_identity"].margin == 0.25
    assert type(losses["foreground_identity"]) is CosFace
    assert losses["foreground_identity"].scale == 16
    assert losses["parts_identity"].label_smoothing == 0


@neutral
@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"global_identity": "arcface"}, "Did you mean 'arc_face'"),
        ({"global_identity.margin": "0.3"}, "does not have 'margin'"),
        ({"global_triplet": "arc_face"}, "does not have"),
    ],
)
def test_flags_that_fit_no_loss_are_refused(wrong, message):
    given = {f"term_losses.{name}": text for name, text in wrong.items()}
    with pytest.raises(ValueError, match=message):
        parse_switches(GlobalBaseline, given)
