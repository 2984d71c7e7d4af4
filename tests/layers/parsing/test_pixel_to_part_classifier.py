import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PixelToPartClassifier
from tests.reference import maps as reference
from tests.testing import run_layer_test


def test_gives_float32_logits():
    x = np.random.default_rng(0).normal(size=(2, 3, 2, 6)).astype("float32")
    run_layer_test(
        PixelToPartClassifier,
        {"num_parts": 4},
        x,
        output_shape=(2, 3, 2, 5),
        mixed_dtype="float32",
    )


def test_matches_reference():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 3, 2, 6)).astype("float32")
    layer = PixelToPartClassifier(4)
    layer.build((None, 3, 2, 6))
    kernel, bias, gamma, beta, mean = (
        rng.normal(size=shape)
        for shape in ((1, 1, 6, 5), (5,), (6,), (6,), (6,))
    )
    variance = rng.uniform(0.5, 2.0, size=6)
    layer.classifier.set_weights([kernel, bias])
    layer.normalisation.set_weights([gamma, beta, mean, variance])
    normalised = reference.normalise(x, gamma, beta, mean, variance)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)),
        reference.convolve(normalised, kernel, bias),
        rtol=1e-4,
        atol=1e-4,
    )


@pytest.mark.parametrize(
    ("num_parts", "channels", "parameters"),
    [
        (8, 1920, 21_129),
        (8, 2048, 22_537),
        (8, 512, 5_641),
        (8, 128, 1_417),
        (5, 1920, 15_366),
        (5, 2048, 16_390),
        (5, 512, 4_102),
        (5, 128, 1_030),
    ],
)
def test_parameters(num_parts, channels, parameters):
    layer = PixelToPartClassifier(num_parts)
    layer.build((None, 2, 2, channels))
    count = sum(np.prod(w.shape) for w in layer.trainable_weights)
    assert count == parameters


def test_start():
    layer = PixelToPartClassifier(8)
    layer.build((None, 2, 2, 2048))
    kernel = ops.convert_to_numpy(layer.classifier.kernel)
    assert abs(kernel.std() - 0.001) < 1e-4 and abs(kernel.mean()) < 1e-4
    assert not ops.convert_to_numpy(layer.classifier.bias).any()
