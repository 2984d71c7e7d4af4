import math

import numpy as np
from keras import ops

from keras_drop.layers import HierarchicalBiasDecoupledAdapter
from tests.reference import maps as reference
from tests.testing import run_layer_test


def make_features():
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, 3, 4, 8)).astype("float32")


def test_starts_as_the_identity():
    features = make_features()
    adapted = run_layer_test(
        HierarchicalBiasDecoupledAdapter,
        {},
        features,
        output_shape=features.shape,
    )
    np.testing.assert_array_equal(adapted, features)


def test_matches_reference():
    features = make_features()
    layer = HierarchicalBiasDecoupledAdapter()
    layer.build(features.shape)
    rng = np.random.default_rng(1)
    shapes = [tuple(w.shape) for w in layer.trainable_weights]
    assert shapes == [(1, 1, 8, 2), (3, 3, 2, 1), (1, 1, 2, 8), (8,)]
    down, depthwise, up, bias = weights = [rng.normal(size=s) for s in shapes]
    layer.set_weights(weights)
    narrow = reference.convolve(features, down)
    # A depthwise kernel is one that mixes no channels.
    narrow = reference.convolve(
        narrow, depthwise[..., 0][..., None] * np.eye(2)
    )
    gelu = np.vectorize(lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2)
    expected = features + reference.convolve(gelu(narrow), up, bias)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(features)), expected, rtol=1e-3, atol=1e-3
    )
