import keras
import numpy as np
import pytest

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


def test_what_has_no_statistics():
    model = GlobalBaseline(resnet(), 2)
    with pytest.raises(ValueError, match="One image has no statistics"):
        adapt_batch_normalization(model, images(1))
