import numpy as np
from keras import ops

from keras_drop.layers import BNNeck
from tests.reference import maps as reference
from tests.testing import run_layer_test


def test_normalises_then_classifies():
    x = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    run_layer_test(
        BNNeck,
        {"num_identities": 3},
        x,
        output_shape=((6, 4), (6, 3)),
        mixed_dtype="float32",
    )


def test_matches_reference():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(5, 4)).astype("float32")
    layer = BNNeck(3)
    layer.build((None, 4))
    gamma, kernel, mean = (
        rng.normal(size=shape) for shape in ((4,), (4, 3), (4,))
    )
    variance = rng.uniform(0.5, 2.0, size=4)
    layer.normalisation.set_weights([gamma, mean, variance])
    layer.classifier.set_weights([kernel])
    normalised, logits = map(ops.convert_to_numpy, layer(x))
    expected = reference.normalise(x, gamma, 0.0, mean, variance)
    np.testing.assert_allclose(normalised, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(logits, expected @ kernel, rtol=1e-4, atol=1e-5)


def test_training_uses_the_batch_and_moves_a_tenth():
    x = np.random.default_rng(2).normal(2.0, 3.0, (8, 4)).astype("float32")
    layer = BNNeck(3)
    normalised = ops.convert_to_numpy(layer(x, training=True)[0])
    expected = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)
    np.testing.assert_allclose(normalised, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer.normalisation.moving_mean),
        0.1 * x.mean(0),
        rtol=1e-4,
    )


def test_parameters_and_start():
    layer = BNNeck(702)
    layer.build((None, 512))
    # The frozen offset, which Keras does not make, counts 512.
    trainable = sum(np.prod(w.shape) for w in layer.trainable_weights)
    assert trainable + 512 == 360_448
    kernel = ops.convert_to_numpy(layer.classifier.kernel)
    assert abs(kernel.std() - 0.001) < 1e-5 and abs(kernel.mean()) < 1e-5
    wide = BNNeck(702)
    wide.build((None, 4096))
    trainable = sum(np.prod(w.shape) for w in wide.trainable_weights)
    assert trainable + 4096 == 2_883_584
