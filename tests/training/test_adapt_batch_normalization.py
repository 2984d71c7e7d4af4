import keras
import numpy as np
import pytest
from PIL import Image

from keras_drop.data import ImageBatches
from keras_drop.models import GlobalBaseline
from keras_drop.training import adapt_batch_normalization
from tests.models.small import images, resnet


def normalisations(model):
    kind = keras.layers.BatchNormalization
    return [la for la in model._flatten_layers() if isinstance(la, kind)]


def statistics(model):
    return [
        keras.ops.convert_to_numpy(weight)
        for layer in normalisations(model)
        for weight in (layer.moving_mean, layer.moving_variance)
    ]


def test_statistics_become_those_of_the_images():
    model = GlobalBaseline(resnet(), 2)
    weights = [keras.ops.convert_to_numpy(w) for w in model.trainable_weights]
    first, *others = normalisations(model)
    momentum = first.momentum
    first.trainable = False
    x = images(6) * np.float32(0.5)
    assert adapt_batch_normalization(model, x, 4) == 1 + len(others)
    assert not first.trainable and first.momentum == momentum
    first.trainable = True
    halves = statistics(model)
    for weight, before in zip(model.trainable_weights, weights, strict=True):
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(weight), before
        )
    adapt_batch_normalization(model, x)
    found = statistics(model)
    # What the stem's sees does not depend on how images are batched.
    assert any(
        np.allclose(one, other, rtol=1e-3, atol=1e-5)
        for one, other in zip(halves, found)
    )
    for layer in normalisations(model):
        layer.momentum = 0.0
    model(x, training=True)
    for of_all, want in zip(found, statistics(model), strict=True):
        np.testing.assert_allclose(of_all, want, rtol=1e-3, atol=1e-4)


def test_what_has_no_statistics(tmp_path):
    model = GlobalBaseline(resnet(), 2)
    before = statistics(model)
    Image.new("RGB", (32, 64), (90, 3, 200)).save(tmp_path / "a.png")
    one = ImageBatches([tmp_path / "a.png"], model.input_shape[1:3])
    for given in (images(1), one):
        with pytest.raises(ValueError, match="One image has no statistics"):
            adapt_batch_normalization(model, given)
    with pytest.raises(ValueError, match="`batch_size` is at least 1"):
        adapt_batch_normalization(model, images(2), 0)
    for was, stayed in zip(before, statistics(model), strict=True):
        np.testing.assert_array_equal(was, stayed)


def test_an_error_leaves_the_model_as_it_was(tmp_path):
    model = GlobalBaseline(resnet(), 2)
    before = statistics(model)
    paths = [tmp_path / f"{k}.png" for k in range(4)]
    for path in paths[:3]:
        Image.new("RGB", (32, 64), (90, 3, 200)).save(path)
    (tmp_path / "3.png").write_bytes(b"no image")
    batches = ImageBatches(paths, model.input_shape[1:3], 2)
    with pytest.raises(ValueError, match=r"3\.png cannot be decoded"):
        adapt_batch_normalization(model, batches)
    for was, stayed in zip(before, statistics(model), strict=True):
        np.testing.assert_array_equal(was, stayed)
    assert all(layer.momentum > 0 for layer in normalisations(model))
