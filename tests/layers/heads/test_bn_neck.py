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


def test_a_bias_where_it_is_asked_for():
    x = np.random.default_rng(3).normal(size=(6, 4)).astype("float32")
    run_layer_test(
        BNNeck,
        {"num_identities": 3, "use_bias": True},
        x,
        np.array([1, 0, 1, 1, 0, 1], "float32"),
        output_shape=((6, 4), (6, 3)),
        mixed_dtype="float32",
    )
    layer = BNNeck(3, use_bias=True)
    layer.build((None, 4))
    layer.classifier.bias.assign([1.0, 2.0, 3.0])
    logits = ops.convert_to_numpy(layer(x)[1])
    layer.classifier.bias.assign([0.0, 0.0, 0.0])
    without = ops.convert_to_numpy(layer(x)[1])
    np.testing.assert_allclose(logits - without, [[1, 2, 3]] * 6, rtol=1e-4)


def test_statistics_of_the_visible_rows():
    rng = np.random.default_rng(4)
    x = rng.normal(2.0, 3.0, (8, 4)).astype("float32")
    visibility = np.array([1, 0, 1, 1, 0, 1, 1, 0], "float32")
    layer, shown = BNNeck(3), x[visibility > 0]
    layer.build((None, 4))
    gamma = rng.uniform(0.5, 2.0, 4)
    layer.normalisation.gamma.assign(gamma)
    normalised = ops.convert_to_numpy(layer(x, visibility, training=True)[0])
    expected = gamma * (x - shown.mean(0)) / np.sqrt(shown.var(0) + 1e-5)
    np.testing.assert_allclose(normalised, expected, rtol=1e-4, atol=1e-4)
    moving = (
        layer.normalisation.moving_mean,
        layer.normalisation.moving_variance,
    )
    for variable, start, now in zip(
        moving, (0, 1), (shown.mean(0), shown.var(0))
    ):
        np.testing.assert_allclose(
            ops.convert_to_numpy(variable), 0.9 * start + 0.1 * now, rtol=1e-4
        )


def test_without_a_visible_row_the_statistics_stay():
    x = np.random.default_rng(5).normal(2.0, 3.0, (8, 4)).astype("float32")
    layer = BNNeck(3)
    layer.build((None, 4))
    layer.normalisation.moving_mean.assign([1.0, 2.0, 3.0, 4.0])
    before = layer.normalisation.get_weights()
    outputs = layer(x, np.zeros(8, "float32"), training=True)
    assert all(np.isfinite(ops.convert_to_numpy(y)).all() for y in outputs)
    for old, new in zip(before, layer.normalisation.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_visibility_does_not_count_at_inference_or_when_frozen():
    x = np.random.default_rng(6).normal(size=(4, 4)).astype("float32")
    visibility = np.array([1, 0, 0, 1], "float32")
    layer = BNNeck(3)
    expected = ops.convert_to_numpy(layer(x)[0])
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x, visibility)[0]), expected
    )
    layer.trainable = False
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x, visibility, training=True)[0]), expected
    )
