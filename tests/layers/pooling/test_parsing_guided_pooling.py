import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import ParsingGuidedPooling
from tests.gradients import autodiff, finite_difference
from tests.reference import maps as reference
from tests.testing import run_layer_test

ROW = np.array([1, 2, 3, 4], "float32").reshape(1, 1, 4, 1)
MASK = np.array([0, 0.5, 1, 0.5], "float32").reshape(1, 1, 4, 1)


def pool(features, masks, mode, normalize):
    rows = []
    for image, mask in zip(features, masks):
        for k in range(mask.shape[-1]):
            average, maximum = reference.pool(image, mask[..., k], normalize)
            rows.append(
                {
                    "sum": average + maximum,
                    "concat": np.concatenate([average, maximum]),
                    "avg": average,
                }[mode]
            )
    return np.array(rows).reshape(len(features), masks.shape[-1], -1)


def make_maps(seed, batch=2):
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(size=(batch, 3, 2, 5)).astype("float32"),
        rng.uniform(size=(batch, 3, 2, 4)).astype("float32"),
    )


@pytest.mark.parametrize(
    ("mode", "normalize"),
    [("sum", "mask"), ("concat", "mask"), ("avg", "grid"), ("sum", "grid")],
)
def test_matches_reference(mode, normalize):
    features, masks = make_maps(0)
    width = 10 if mode == "concat" else 5
    actual = run_layer_test(
        ParsingGuidedPooling,
        {"mode": mode, "normalize": normalize},
        features,
        masks,
        output_shape=(2, 4, width),
    )
    expected = pool(features, masks, mode, normalize)
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("mask", "arguments", "expected"),
    [
        (MASK, {"mode": "avg"}, [3.0]),
        (MASK, {"mode": "avg", "normalize": "grid"}, [1.5]),
        (MASK, {"mode": "sum"}, [6.0]),
        (MASK, {"mode": "concat"}, [3.0, 3.0]),
        (np.ones_like(MASK), {"mode": "avg"}, [2.5]),
        (np.ones_like(MASK), {"mode": "sum"}, [6.5]),
        (np.zeros_like(MASK), {"mode": "sum"}, [0.0]),
        (np.zeros_like(MASK), {"mode": "avg"}, [0.0]),
    ],
)
def test_row_of_four(mask, arguments, expected):
    pooled = ParsingGuidedPooling(**arguments)(ROW, mask)
    np.testing.assert_allclose(ops.convert_to_numpy(pooled)[0, 0], expected)


def test_gradients_of_an_empty_mask_are_finite():
    layer, empty = ParsingGuidedPooling(), np.zeros_like(MASK)
    for gradient in (
        autodiff(lambda m: ops.sum(layer(ops.array(ROW), m)), empty),
        autodiff(lambda f: ops.sum(layer(f, ops.array(empty))), ROW),
    ):
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("of_masks", [True, False])
def test_gradient_matches_finite_difference(of_masks, training):
    features, masks = make_maps(1)
    layer = ParsingGuidedPooling()
    weights = np.random.default_rng(2).normal(size=(2, 4, 5))

    def slow(x):
        pair = (features, x) if of_masks else (x, masks)
        return (weights * pool(*pair, "sum", "mask")).sum()

    def fast(x):
        pair = (ops.array(features), x) if of_masks else (x, ops.array(masks))
        pooled = layer(*pair, training=training)
        return ops.sum(ops.array(weights, "float32") * pooled)

    x = masks if of_masks else features
    np.testing.assert_allclose(
        autodiff(fast, x), finite_difference(slow, x), rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("dtype", ["float64", "float32", "mixed_bfloat16"])
def test_training_is_as_exact(dtype):
    layer = ParsingGuidedPooling("concat", dtype=dtype)
    features, masks = (ops.array(x) - 0.3 for x in make_maps(3))
    plain, trained = (
        layer(features, masks, training=training) for training in (False, True)
    )
    assert plain.dtype == trained.dtype
    np.testing.assert_array_equal(
        *(
            ops.convert_to_numpy(ops.cast(x, "float32"))
            for x in (plain, trained)
        )
    )


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="TensorFlow's gradient"
)
def test_the_first_of_equal_cells_has_the_gradient():
    layer, features = ParsingGuidedPooling("concat"), np.ones((1, 1, 3, 1))

    def maximum(x):
        mask = ops.array([0.5, 1.0, 1.0], "float32")
        pooled = layer(x, ops.reshape(mask, (1, 1, 3, 1)), training=True)
        return pooled[0, 0, 1]

    gradient = autodiff(maximum, features.astype("float32"))
    np.testing.assert_array_equal(np.ravel(gradient), [0, 1, 0])


def test_masks_are_summed_in_float32_under_mixed_precision():
    # In bfloat16 a sum stops growing where one more is rounded away.
    features = np.ones((1, 64, 32, 1), "float32")
    masks = np.full((1, 64, 32, 1), 0.9, "float32")
    layer = ParsingGuidedPooling("avg", dtype="mixed_bfloat16")
    pooled = ops.cast(layer(features, masks), "float32")
    np.testing.assert_allclose(ops.convert_to_numpy(pooled), 1.0, rtol=0.01)


@pytest.mark.parametrize("wrong", [{"mode": "max"}, {"normalize": "none"}])
def test_unknown_choices_are_refused(wrong):
    with pytest.raises(ValueError, match="one of"):
        ParsingGuidedPooling(**wrong)
