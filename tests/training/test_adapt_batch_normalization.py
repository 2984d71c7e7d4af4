import keras
import numpy as np
import pytest

from keras_drop.models import GlobalBaseline
from keras_drop.training import adapt_batch_normalization
from tests.models.small import images, resnet


def test_statistics_become_those_of_the_images():
    model = GlobalBaseline(resnet(), 2)
    before = [keras.ops.convert_to_numpy(w) for w in model.trainable_weights]
    kind = keras.layers.BatchNormalization
    first = next(la for la in model._flatten_layers() if isinstance(la, kind))
    first.trainable = False
    x = images(6) * np.float32(0.5)
    assert adapt_batch_normalization(model, x, batch_size=4) > 3
    # What the first one sees does not depend on how images are batched.
    inputs = keras.Model(model.input, first.input)(x)
    inputs = keras.ops.convert_to_numpy(inputs).astype("float64")
    mean, variance = map(
        keras.ops.convert_to_numpy, (first.moving_mean, first.moving_variance)
    )
    np.testing.assert_allclose(
        mean, inputs.mean((0, 1, 2)), rtol=1e-3, atol=1e-4
    )
    np.testing.assert_allclose(variance, inputs.var((0, 1, 2)), rtol=1e-3)
    assert not first.trainable and first.momentum != 0
    first.trainable = True
    for old, weight in zip(before, model.trainable_weights, strict=True):
        np.testing.assert_array_equal(old, keras.ops.convert_to_numpy(weight))


def test_what_has_no_statistics():
    model = GlobalBaseline(resnet(), 2)
    with pytest.raises(ValueError, match="One image has no statistics"):
        adapt_batch_normalization(model, images(1))
