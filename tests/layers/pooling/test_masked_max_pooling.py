import numpy as np
import pytest
from keras import ops

from keras_drop.layers import MaskedMaxPooling
from tests.gradients import autodiff
from tests.reference import hpnet
from tests.testing import run_layer_test


def make_maps(seed, batch=3, parts=2):
    """Features below 0 too; the last part of the first image is hidden."""
    rng = np.random.default_rng(seed)
    probabilities = rng.uniform(size=(batch, 3, 2, parts)).astype("float32")
    probabilities[0, :, :, -1] *= 0.7
    features = rng.normal(-1, 1, size=(batch, 3, 2, 4)).astype("float32")
    return features, probabilities


def test_matches_reference():
    features, probabilities = make_maps(0)
    pooled, visibility = run_layer_test(
        MaskedMaxPooling,
        {"threshold": 0.7},
        features,
        probabilities,
        output_shape=((3, 2, 4), (3, 2)),
        mixed_dtype="float32",
    )
    assert visibility.tolist()[0] == [1, 0] and visibility.mean() > 0.5
    for i in range(3):
        for k in range(2):
            mask = probabilities[i, ..., k] > 0.7
            expected, seen = hpnet.masked_maximum(features[i], mask)
            assert visibility[i, k] == seen
            np.testing.assert_allclose(pooled[i, k], expected, rtol=1e-6)


@pytest.mark.parametrize("visible_from", [0.3, 0.9])
def test_visible_from_another_probability(visible_from):
    features, probabilities = make_maps(0)
    pooled, visibility = run_layer_test(
        MaskedMaxPooling,
        {"threshold": 0.7, "visible_from": visible_from},
        features,
        probabilities,
        output_shape=((3, 2, 4), (3, 2)),
        mixed_dtype="float32",
    )
    assert visibility.mean() > 0 and (visible_from < 0.7) == visibility.all()
    for i in range(3):
        for k in range(2):
            cells = probabilities[i, ..., k]
            seen = cells.max() > visible_from
            assert visibility[i, k] == seen
            mask = cells > min(0.7, visible_from)
            expected, _ = hpnet.masked_maximum(features[i], mask)
            np.testing.assert_allclose(pooled[i, k], seen * expected, rtol=1e-6)


def test_the_threshold_itself_shows_nothing():
    features = np.ones((1, 2, 2, 3), "float32")
    half = ops.sigmoid(np.zeros((1, 2, 2, 1), "float32"))
    pooled, visibility = MaskedMaxPooling()(features, half)
    assert not ops.convert_to_numpy(pooled).any()
    assert not ops.convert_to_numpy(visibility).any()


def test_gradient_reaches_one_cell_a_channel():
    features, probabilities = make_maps(1)
    layer = MaskedMaxPooling()
    masks = probabilities > 0.5
    masks[0, :, :, 0] = False
    probabilities = np.where(masks, 0.9, 0.1).astype("float32")
    gradient = autodiff(
        lambda x: ops.sum(layer(x, ops.array(probabilities))[0]), features
    )
    expected = np.zeros_like(features)
    for i in range(3):
        for k in range(2):
            for channel in range(4):
                shown = np.where(
                    masks[i, ..., k], features[i, ..., channel], -np.inf
                )
                if masks[i, ..., k].any():
                    cell = np.unravel_index(shown.argmax(), shown.shape)
                    expected[i, *cell, channel] += 1
    assert expected.sum() == 4 * masks.any(axis=(1, 2)).sum() > 0
    np.testing.assert_array_equal(gradient, expected)


def test_an_empty_mask_has_no_gradient():
    features, probabilities = make_maps(2)
    layer = MaskedMaxPooling(0.99)
    gradient = autodiff(
        lambda x: ops.sum(layer(x, ops.array(0.5 * probabilities))[0]), features
    )
    np.testing.assert_array_equal(gradient, np.zeros_like(features))


@pytest.mark.parametrize("of_zeros", [True, False])
def test_no_gradient_reaches_the_probabilities(of_zeros):
    features, probabilities = make_maps(3)
    layer = MaskedMaxPooling()

    def both(x):
        pooled, visibility = layer(ops.array(features), x)
        # What has no gradient at all is an error on some backends.
        return ops.sum(pooled) + ops.sum(visibility) + 0.0 * ops.sum(x)

    x = np.zeros_like(probabilities) if of_zeros else probabilities
    assert not autodiff(both, x).any()


@pytest.mark.parametrize("threshold", [0.0, 1.0, 50])
def test_refuses_thresholds_that_make_no_sense(threshold):
    with pytest.raises(ValueError, match=f"`threshold` is {threshold}"):
        MaskedMaxPooling(threshold)
    with pytest.raises(ValueError, match=f"`visible_from` is {threshold}"):
        MaskedMaxPooling(0.5, threshold)
