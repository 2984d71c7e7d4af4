import keras
import numpy as np
import pytest

from keras_drop.losses import FocalParsing, focal_parsing
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import hpnet
from tests.testing import assert_round_trip


def make_batch(seed, batch=4, height=3, width=2, num_parts=3):
    """One image has no part, one part is in no image."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(2, size=(batch, height, width, num_parts))
    labels[1], labels[..., 1] = 0, 0
    return labels, 2 * rng.normal(size=labels.shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def logits_of(probabilities, shape):
    p = np.array(probabilities, "float32")
    return np.log(p / (1 - p)).reshape(shape)


@pytest.mark.parametrize(
    "probability, label, expected",
    [
        (0.8, 1, 0.0022314),
        (0.3, 0, 0.0240756),
        (0.5, 1, 0.0433217),
        (0.5, 0, 0.1299651),
    ],
)
def test_one_cell(probability, label, expected):
    shape = (1, 1, 1, 1)
    loss = focal_parsing(
        np.full(shape, label), logits_of(probability, shape), "batch"
    )
    assert float(loss[0]) == pytest.approx(expected, abs=5e-8)


@pytest.mark.parametrize("chance, least", [(0.75, 0.5), (0.5, 0.399)])
def test_where_the_loss_of_an_uncertain_cell_is_least(chance, least):
    probabilities, shape = np.arange(0.35, 0.55, 0.002), (1, 1, 1, 1)
    shown, other = (
        np.array(
            [
                float(focal_parsing(np.full(shape, label), logit, "batch")[0])
                for logit in logits_of(probabilities, (-1, *shape))
            ]
        )
        for label in (1, 0)
    )
    expected = chance * shown + (1 - chance) * other
    assert probabilities[expected.argmin()] == pytest.approx(least, abs=2e-3)


@pytest.mark.parametrize(
    "seg_norm, expected", [("image", 0.1418477), ("batch", 0.2836953)]
)
def test_one_part(seg_norm, expected):
    labels = np.array([1, 1, 0, 0]).reshape(1, 2, 2, 1)
    logits = logits_of([0.8, 0.6, 0.3, 0.1], (1, 2, 2, 1))
    loss = FocalParsing(seg_norm)
    assert float(loss(labels, logits)) == pytest.approx(0.0237651, abs=5e-8)
    both = loss(
        np.concatenate([labels, 0 * labels]),
        np.concatenate([logits, 0 * logits]),
    )
    assert float(both) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("seg_norm", ["image", "batch"])
@pytest.mark.parametrize("seed", range(2))
def test_matches_reference(seed, seg_norm):
    labels, logits = make_batch(seed)
    expected = hpnet.focal_parsing(labels, sigmoid(logits), seg_norm)
    actual = jitted(lambda *x: focal_parsing(*x, seg_norm))(
        labels, logits.astype("float32")
    )
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-4
    )
    assert float(
        FocalParsing(seg_norm)(labels, logits.astype("float32"))
    ) == pytest.approx(expected.mean(), rel=1e-4)


@pytest.mark.parametrize("seg_norm", ["image", "batch"])
def test_gradient_matches_finite_difference(seg_norm):
    """No gradient stops at the factor that weighs the cells."""
    labels, logits = make_batch(2, height=2)
    expected = finite_difference(
        lambda x: hpnet.focal_parsing(labels, sigmoid(x), seg_norm).mean(),
        logits,
    )
    actual = autodiff(
        jitted(lambda x: keras.ops.mean(focal_parsing(labels, x, seg_norm))),
        logits,
    )
    assert np.abs(actual[1]).min() > 0, "images without a part teach too"
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-5)


def test_saturated_logits_stay_finite():
    labels = np.array([1, 0, 1, 0]).reshape(1, 2, 2, 1)
    logits = np.array([-1e4, 1e4, 1e4, -1e4]).reshape(1, 2, 2, 1)
    loss = focal_parsing(labels, logits)
    assert float(loss[0]) == pytest.approx((0.25 + 0.75) * 1e4 / 2)
    gradient = autodiff(
        lambda x: keras.ops.sum(focal_parsing(labels, x)), logits
    )
    np.testing.assert_allclose(
        gradient.ravel(), [-0.125, 0.375, 0, 0], atol=1e-6
    )


def test_half_precision_logits_give_a_float32_loss():
    labels, logits = make_batch(3)
    logits = keras.ops.cast(logits, "bfloat16")
    loss = focal_parsing(labels, logits)
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    exact = keras.ops.convert_to_numpy(keras.ops.cast(logits, "float32"))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(loss),
        hpnet.focal_parsing(labels, sigmoid(exact), "image"),
        rtol=1e-4,
    )


def test_refuses_what_does_not_fit():
    labels, logits = make_batch(4)
    with pytest.raises(ValueError, match=r"\(4, 2, 2, 3\).*part_cells"):
        focal_parsing(labels[:, 1:], logits)
    with pytest.raises(
        ValueError, match=r"`seg_norm` is one of .*'batch'; got 'part'"
    ):
        FocalParsing("part")


def test_round_trip():
    assert_round_trip(
        FocalParsing, seg_norm="batch", reduction="sum", dtype="float64"
    )
