import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import BatchNormalization, BNNeck
from keras_drop.layers.batch_normalization import own_batch_normalizations
from keras_drop.models import BPBReID
from keras_drop.training import unbiased_moving_variance
from tests.compiled import compiled
from tests.gradients import autodiff
from tests.models.small import model_of, resnet

SHAPES = [(6, 3), (4, 5, 3), (4, 5, 2, 3)]


def slow(x, layer, training):
    """Output and moving statistics after one batch, channel by channel."""
    weights = {
        name: np.asarray(ops.convert_to_numpy(getattr(layer, name)), "float64")
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
        if getattr(layer, name) is not None
    }
    result = np.zeros(x.shape)
    means, variances = weights["moving_mean"], weights["moving_variance"]
    for k in range(x.shape[-1]):
        values = x[..., k].astype("float64")
        mean, variance = means[k], variances[k]
        if training:
            mean = values.mean()
            variance = ((values - mean) ** 2).mean()
            kept, count = variance, values.size
            if layer.unbiased:
                kept = ((values - mean) ** 2).sum() / (count - 1)
            rest = 1 - layer.momentum
            means[k] = layer.momentum * means[k] + rest * mean
            variances[k] = layer.momentum * variances[k] + rest * kept
        scaled = (values - mean) / np.sqrt(variance + layer.epsilon)
        result[..., k] = scaled * weights.get("gamma", np.ones(9))[k]
        result[..., k] += weights.get("beta", np.zeros(9))[k]
    return result, means, variances


def layer_of(x, kind=BatchNormalization, **arguments):
    """A layer whose weights are not those of the start."""
    layer = kind(momentum=0.7, epsilon=0.03, **arguments)
    layer.build(x.shape)
    rng = np.random.default_rng(1)
    layer.set_weights([rng.uniform(0.5, 2, w.shape) for w in layer.weights])
    return layer


def maps(shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(2, 3, shape).astype("float32")


def assert_close(actual, expected, tolerance=1e-5):
    np.testing.assert_allclose(
        ops.convert_to_numpy(actual), expected, rtol=tolerance, atol=tolerance
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("unbiased", [True, False])
def test_matches_reference(shape, training, unbiased):
    x = maps(shape)
    layer = layer_of(x, center=shape != SHAPES[0])
    layer.unbiased = unbiased
    expected, mean, variance = slow(x, layer, training)
    assert_close(layer(x, training=training), expected)
    assert_close(layer.moving_mean, mean)
    assert_close(layer.moving_variance, variance)


@pytest.mark.parametrize(
    "arguments", [{"center": False}, {"scale": False}, {"axis": 3}]
)
def test_weights_that_are_not_there(arguments):
    x = maps(SHAPES[2])
    layer = layer_of(x, **arguments)
    expected, _, variance = slow(x, layer, training=True)
    assert_close(layer(x, training=True), expected)
    assert_close(layer.moving_variance, variance)


def test_what_keras_computes_itself():
    """Another axis, masks, and a frozen layer."""
    x = maps((4, 3, 5, 3))
    mask = np.arange(4 * 3 * 5).reshape(4, 3, 5) % 2 == 0
    for arguments, call in (
        ({"axis": 1}, {}),
        ({}, {"mask": mask}),
        ({"trainable": False}, {}),
    ):
        ours = layer_of(x, **arguments)
        theirs = layer_of(x, keras.layers.BatchNormalization, **arguments)
        assert_close(
            ours(x, training=True, **call),
            ops.convert_to_numpy(theirs(x, training=True, **call)),
        )
        for a, b in zip(ours.weights, theirs.weights):
            assert_close(a, ops.convert_to_numpy(b))


def test_one_value_has_no_variance():
    x = maps((1, 1, 1, 3))
    for unbiased in (True, False):
        layer = layer_of(x)
        layer.unbiased = unbiased
        before = ops.convert_to_numpy(layer.moving_variance).copy()
        beta = ops.convert_to_numpy(layer.beta)
        assert_close(layer(x, training=True)[0, 0, 0], beta)
        assert_close(layer.moving_variance, 0.7 * before)


@pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="JAX runs what Keras says"
)
def test_gradients_are_those_of_keras():
    x = maps(SHAPES[2])
    ours, theirs = (
        layer_of(x, kind)
        for kind in (BatchNormalization, keras.layers.BatchNormalization)
    )

    def gradient(layer):
        def loss(x):
            with keras.StatelessScope():
                return ops.sum(layer(x, training=True) ** 3)

        return autodiff(loss, x)

    expected = gradient(theirs)
    assert np.abs(expected).max() > 0.1
    assert_close(gradient(ours), expected, tolerance=2e-5)


def test_xla_agrees():
    x = maps(SHAPES[2])
    layer = layer_of(x)
    layer.unbiased = True
    expected, _, variance = slow(x, layer, training=True)

    def step(x):
        with keras.StatelessScope() as scope:
            y = layer(x, training=True)
        return y, scope.get_current_value(layer.moving_variance)

    found, moved = compiled(step)(ops.convert_to_tensor(x))
    assert_close(found, expected)
    assert_close(moved, variance)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_statistics_are_float32_under_mixed_precision(dtype):
    """Sums of these values pass what float16 can say."""
    x = 300 + maps((4, 16, 8, 3))
    layer = layer_of(x, dtype=dtype)
    half = ops.convert_to_numpy(ops.cast(ops.cast(x, dtype[6:]), "float32"))
    expected, mean, variance = slow(half, layer, training=True)
    y = layer(x, training=True)
    assert keras.backend.standardize_dtype(y.dtype) == dtype[6:]
    assert_close(ops.cast(y, "float32"), expected, tolerance=0.02)
    assert_close(layer.moving_mean, mean, tolerance=1e-4)
    assert_close(layer.moving_variance, variance, tolerance=1e-3)


def test_visible_rows_of_a_neck_are_counted():
    x = maps((6, 4))
    seen = np.array([1, 0, 1, 1, 0, 0], "float32")
    moved = {}
    for unbiased in (True, False):
        neck = BNNeck(3)
        neck.build((None, 4))
        neck.normalisation.unbiased = unbiased
        neck(x, seen, training=True)
        moved[unbiased] = neck.normalisation.moving_variance
    for unbiased, variance in moved.items():
        expected = 0.9 + 0.1 * x[seen > 0].var(axis=0, ddof=unbiased)
        assert_close(variance, expected)


@pytest.mark.backend_neutral
def test_files_are_those_of_keras(tmp_path):
    """Weights and optimizer of one load into the other, also in a graph."""

    def model(own):
        inputs = keras.Input((4, 4, 3))
        block = keras.Sequential(
            [
                keras.layers.Conv2D(3, 1, name="convolution"),
                keras.layers.BatchNormalization(name="first"),
            ],
            name="block",
        )
        y = keras.layers.BatchNormalization(name="last")(block(inputs))
        model = keras.Model(inputs, y)
        if own:
            own_batch_normalizations(model)
        model.compile("adam", "mse", jit_compile=False)
        model.optimizer.build(model.trainable_variables)
        return model

    x = maps((2, 4, 4, 3))
    for own in (True, False):
        first, second = model(own), model(not own)
        first.train_on_batch(x, x)
        first.save_weights(tmp_path / "weights.weights.h5")
        second.load_weights(tmp_path / "weights.weights.h5")
        paths = [[v.path for v in m.variables] for m in (first, second)]
        assert paths[0] == paths[1]
        assert_close(second(x), ops.convert_to_numpy(first(x)))
        for a, b in zip(first.optimizer.variables, second.optimizer.variables):
            assert_close(a, ops.convert_to_numpy(b))


@pytest.mark.backend_neutral
def test_a_model_has_them_after_loading(tmp_path):
    inputs = keras.Input((4, 4, 3))
    model = keras.Model(inputs, BatchNormalization(momentum=0.8)(inputs))
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert type(revived.layers[1]) is BatchNormalization
    assert revived.layers[1].momentum == 0.8


@pytest.mark.backend_neutral
def test_leaves_other_classes_alone():
    class Other(keras.layers.BatchNormalization):
        pass

    model = keras.Sequential([keras.Input((3,)), Other()])
    own_batch_normalizations(model)
    assert type(model.layers[0]) is Other


@pytest.mark.backend_neutral
def test_a_model_follows_the_unbiased_variance():
    """Also the normalisations of KerasHub's backbone."""
    model = model_of(BPBReID, resnet())
    count = unbiased_moving_variance(model)
    kind = keras.layers.BatchNormalization
    norms = [la for la in model._flatten_layers() if isinstance(la, kind)]
    assert count == len(norms) > 10
    assert all(type(norm) is BatchNormalization for norm in norms)
    assert all(norm.unbiased for norm in norms)
