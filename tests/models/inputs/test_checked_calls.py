"""Keras' calls on a model, given what it would make nonsense of."""

import keras
import numpy as np
import pytest

from keras_drop.models import BPBReID, GlobalBaseline, TransReIDBaseline
from keras_drop.models.backbones import ViTBackbone
from keras_drop.models.inputs import checked_calls
from tests.models.small import batch, compile_model, images, model_of

CALLS = ("fit", "evaluate", "train_on_batch", "test_on_batch", "predict")


class Batches(keras.utils.PyDataset):
    """One batch, and how often it was asked for."""

    def __init__(self, x, y):
        super().__init__()
        self.batch, self.asked = (x, y), 0

    def __len__(self):
        return 1

    def __getitem__(self, index):
        self.asked += 1
        return self.batch


@pytest.fixture(scope="module")
def model():
    return compile_model(model_of(BPBReID))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("convert", [np.asarray, keras.ops.convert_to_tensor])
def test_other_images_are_refused(model, call, convert):
    """Also after a first batch, whose size Keras no longer insists on."""
    x, y = batch()
    model.test_on_batch(x, y)
    given = () if call == "predict" else (y,)
    with pytest.raises(ValueError, match="divided by 255"):
        getattr(model, call)(convert(x / 255), *given)
    with pytest.raises(ValueError, match=r"the model takes \(any, 64, 32, 3"):
        getattr(model, call)(convert(x[:, :32]), *given)


@pytest.mark.backend_neutral
@pytest.mark.parametrize("call", CALLS[:-1])
@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("identities", lambda people: people - 1, "a label -1"),
        ("identities", lambda people: people + 9, "a label 11"),
        ("identities", lambda people: people + 0.5, "these are float64"),
        ("parsing", lambda maps: maps.argmax(axis=-1), "one_hot"),
        ("parsing", lambda maps: maps * np.nan, "not finite"),
        ("parsing", lambda maps: maps[..., :3], "have 2 parts, the model has"),
    ],
)
def test_other_labels_are_refused(model, call, name, change, message):
    x, y = batch()
    with pytest.raises(ValueError, match=message):
        getattr(model, call)(x, {**y, name: change(y[name])})


@pytest.mark.backend_neutral
def test_batches_of_changing_parts_are_named():
    """A generator is not looked at; the graph sees that batches differ."""
    model = compile_model(model_of(BPBReID))
    x, y = batch()
    batches = [(x, y), (x, {**y, "parsing": y["parsing"][..., :3]})]
    with pytest.raises(ValueError, match="no fixed number"):
        model.fit((b for b in batches), shuffle=False, verbose=0)


def test_validation_is_looked_at_once_and_first(model):
    x, y = batch()
    for wrong in ((x / 255, y), Batches(x / 255, y)):
        before = int(model.optimizer.iterations)
        with pytest.raises(ValueError, match="divided by 255"):
            model.fit(x, y, validation_data=wrong, verbose=0)
        assert int(model.optimizer.iterations) == before
    held_out = Batches(x, y)
    model.fit(x, y, 6, epochs=3, validation_data=held_out, verbose=0)
    by_keras = Batches(x, y)
    keras.Model.fit(model, x, y, 6, 3, 0, validation_data=by_keras)
    assert held_out.asked == by_keras.asked + 1


@pytest.mark.backend_neutral
def test_class_weights_are_refused(model):
    with pytest.raises(ValueError, match="`class_weight` has no meaning"):
        model.train_on_batch(*batch(), class_weight={0: 1.0, 1: 2.0})


@pytest.mark.backend_neutral
def test_black_images_have_descriptors_with_cameras_too():
    backbone = ViTBackbone(
        patch_size=16,
        num_layers=1,
        num_heads=2,
        hidden_dim=8,
        mlp_ratio=2,
        num_cameras=2,
        image_shape=(64, 32, 3),
    )
    model = TransReIDBaseline(backbone, 3)
    black = np.zeros((2, 64, 32, 3), "uint8")
    assert len(model.embed(black, cameras=[0, 1]).embeddings) == 2
    with pytest.raises(ValueError, match="divided by 255"):
        cameras = np.array([0, 1], "int32")
        model.predict({"images": images(2) / 255, "cameras": cameras})


@pytest.mark.backend_neutral
def test_a_step_looks_at_one_image(monkeypatch):
    """All of a large batch would take a share of every step."""
    seen = []
    model = compile_model(model_of(GlobalBaseline))
    checks = checked_calls.check_batch.__globals__
    monkeypatch.setitem(checks, "refuse_other_pixels", seen.extend)
    model.train_on_batch(*batch())
    assert [len(pixels) for pixels in seen] == [1]
