import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.losses import (
    SpatiallySmoothedParsing,
    spatially_smoothed_parsing,
)
from keras_drop.losses.spatially_smoothed_parsing import blurred_labels
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import cross_entropy
from tests.testing import assert_round_trip

# Compiled once for all the orders that are tried.
LOSS = jitted(SpatiallySmoothedParsing(total_variation_weight=0.5))


def make_batch(seed, batch=2, height=4, width=3, num_classes=3):
    rng = np.random.default_rng(seed)
    labels = rng.integers(num_classes, size=(batch, height, width))
    return labels, 2 * rng.normal(size=(*labels.shape, num_classes))


def one_hot(labels, num_classes):
    return np.eye(num_classes, dtype="float32")[labels]


def test_blur_of_one_cell():
    labels = np.zeros((1, 3, 3), int)
    labels[0, 1, 1] = 1
    blurred = jitted(lambda x: blurred_labels(x, 0.5))(one_hot(labels, 2))
    blurred = keras.ops.convert_to_numpy(blurred)
    corner, edge, centre = 0.014209, 0.093811, 0.619347
    expected = [
        [corner, edge, corner],
        [edge, centre, edge],
        [corner, edge, corner],
    ]
    np.testing.assert_allclose(blurred[0, ..., 1], expected, atol=1e-6)
    np.testing.assert_allclose(blurred.sum(-1), 1, atol=1e-6)


def test_blur_of_one_column():
    labels = np.zeros((1, 3, 3), int)
    labels[0, :, 0] = 1
    blurred = jitted(lambda x: blurred_labels(x, 0.5))(one_hot(labels, 2))
    blurred = keras.ops.convert_to_numpy(blurred)[0, ..., 1]
    expected = np.array([0.880797, 0.106507, 0.0])
    np.testing.assert_allclose(blurred, np.tile(expected, (3, 1)), atol=1e-6)
    smoothed = 0.9 * blurred[0] + 0.1 / 2
    np.testing.assert_allclose(smoothed, [0.842717, 0.145856, 0.05], atol=1e-6)


def test_smoothed_target_of_one_column():
    """The gradient of the loss is softmax minus target: it shows the target."""
    labels = np.zeros((1, 3, 3), int)
    labels[0, :, 0] = 1
    gradient = autodiff(
        jitted(lambda x: keras.ops.sum(spatially_smoothed_parsing(labels, x))),
        np.zeros((1, 3, 3, 2)),
    )
    target = 0.5 - 9 * gradient[0, ..., 1]
    expected = np.array([0.842717, 0.145856, 0.05])
    np.testing.assert_allclose(target, np.tile(expected, (3, 1)), atol=1e-6)


def test_blur_keeps_the_argmax():
    rng = np.random.default_rng(0)
    labels = rng.integers(9, size=(1000, 8, 4))
    blurred = jitted(lambda x: blurred_labels(x, 0.5))(one_hot(labels, 9))
    blurred = keras.ops.convert_to_numpy(blurred)
    np.testing.assert_array_equal(blurred.argmax(-1), labels)
    np.testing.assert_allclose(blurred.sum(-1), 1, atol=1e-6)


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_blur_matches_reference(sigma):
    labels = np.random.default_rng(3).integers(4, size=(2, 5, 3))
    actual = jitted(lambda x: blurred_labels(x, sigma))(one_hot(labels, 4))
    expected = [cross_entropy.blurred_label(x, 4, sigma) for x in labels]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, atol=1e-6
    )


@pytest.mark.parametrize("spatial_smoothing", [True, False])
def test_uniform_prediction_costs_the_same_whatever_the_label(
    spatial_smoothing,
):
    labels = np.random.default_rng(0).integers(9, size=(3, 4, 2))
    loss = jitted(SpatiallySmoothedParsing(spatial_smoothing))
    actual = float(loss(labels, np.zeros((3, 4, 2, 9))))
    assert actual == pytest.approx(2.197225, abs=5e-6)


def test_without_smoothing_over_space_it_is_the_plain_parsing_loss():
    labels, logits = make_batch(seed=4)
    expected = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=0.1
    )(one_hot(labels, 3), logits)
    actual = SpatiallySmoothedParsing(spatial_smoothing=False)(labels, logits)
    np.testing.assert_allclose(float(actual), float(expected), rtol=1e-6)


@pytest.mark.parametrize("total_variation_weight", [0.0, 0.7])
@pytest.mark.parametrize("sigma", [None, 0.5, 1.0])
def test_matches_reference(sigma, total_variation_weight):
    labels, logits = make_batch(seed=5)
    expected = cross_entropy.spatially_smoothed_parsing(
        labels, logits, sigma, 0.2, total_variation_weight
    )
    actual = jitted(
        lambda labels, logits: spatially_smoothed_parsing(
            labels,
            logits,
            spatial_smoothing=sigma is not None,
            blur_sigma=sigma or 0.5,
            label_smoothing=0.2,
            total_variation_weight=total_variation_weight,
        )
    )(labels, logits)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-5
    )


def test_gradient_matches_finite_difference():
    labels, logits = make_batch(seed=6, height=3, width=2)
    expected = finite_difference(
        lambda x: cross_entropy.spatially_smoothed_parsing(
            labels, x, 0.5, 0.1, 0.7
        ).sum(),
        logits,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.sum(
                spatially_smoothed_parsing(
                    labels, x, blur_sigma=0.5, total_variation_weight=0.7
                )
            )
        ),
        logits,
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-5)


def test_one_row_has_a_total_variation():
    labels, logits = make_batch(seed=7, height=1, width=3)
    expected = cross_entropy.spatially_smoothed_parsing(
        labels, logits, 0.5, 0.1, 2.0
    )
    actual = jitted(
        lambda *x: spatially_smoothed_parsing(*x, total_variation_weight=2.0)
    )(labels, logits)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-5
    )


def test_sample_weight_leaves_out_images_without_a_label():
    labels, logits = make_batch(seed=8)
    loss = SpatiallySmoothedParsing(reduction="sum")
    np.testing.assert_allclose(
        float(loss(labels, logits, sample_weight=np.array([0.0, 1.0]))),
        float(loss(labels[1:], logits[1:])),
        rtol=1e-6,
    )


def test_half_precision_logits_give_a_float32_loss():
    labels, logits = make_batch(seed=9)
    logits = keras.ops.cast(logits, "bfloat16")
    loss = jitted(spatially_smoothed_parsing)(labels, logits)
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    expected = cross_entropy.spatially_smoothed_parsing(
        labels,
        keras.ops.convert_to_numpy(keras.ops.cast(logits, "float32")),
        0.5,
        0.1,
    )
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(loss), expected, rtol=1e-5
    )


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_of_the_batch_does_not_matter(seed, data):
    labels, logits = make_batch(seed, batch=4)
    order = np.array(data.draw(st.permutations(range(4))))
    np.testing.assert_allclose(
        float(LOSS(labels, logits)),
        float(LOSS(labels[order], logits[order])),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"blur_sigma": 0.0}, "`blur_sigma` is 0.0; it has to be positive"),
        ({"label_smoothing": 1.0}, "`label_smoothing` is 1.0; it has to be"),
        ({"total_variation_weight": -1}, "`total_variation_weight` is -1"),
    ],
)
def test_refuses_arguments_that_make_no_sense(arguments, message):
    with pytest.raises(ValueError, match=message):
        SpatiallySmoothedParsing(**arguments)


def test_refuses_another_grid():
    labels, logits = make_batch(seed=10)
    with pytest.raises(ValueError, match=r"\(2, 3, 3\).*parsing_targets"):
        spatially_smoothed_parsing(labels[:, 1:], logits)


def test_round_trip():
    assert_round_trip(
        SpatiallySmoothedParsing,
        spatial_smoothing=False,
        blur_sigma=1.5,
        label_smoothing=0.25,
        total_variation_weight=0.5,
        reduction="sum",
        dtype="float64",
    )
