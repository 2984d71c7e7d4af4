"""Batch normalisations move as PyTorch's do, which the papers trained with."""

import keras
import numpy as np
import pytest

from keras_drop.layers import (
    BNNeck,
    EmbeddingReduction,
    ParsingHead,
    PixelToPartClassifier,
    TaylorDifferenceBlock,
)
from keras_drop.layers.maps.convolution_block import convolution_block
from keras_drop.models import efficientnet_lite0
from tests.models.small import hrnet


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "make, shape, count",
    [
        (lambda: EmbeddingReduction(4), (5, 3), 1),
        (lambda: BNNeck(3), (5, 6), 1),
        (lambda: PixelToPartClassifier(2), (5, 4, 2, 3), 1),
        (lambda: ParsingHead(4), (5, 4, 2, 3), 1),
        (TaylorDifferenceBlock, (5, 4, 2, 3), 6),
        (lambda: convolution_block(4, 3, None, "block"), (5, 4, 2, 3), 1),
        (hrnet, (2, 64, 32, 3), 69),
        (lambda: efficientnet_lite0((64, 32)), (4, 64, 32, 3), 49),
    ],
    ids=[
        "EmbeddingReduction",
        "BNNeck",
        "PixelToPartClassifier",
        "ParsingHead",
        "TaylorDifferenceBlock",
        "convolution_block",
        "HRNet",
        "EfficientNet-Lite0",
    ],
)
def test_a_step_keeps_nine_tenths(make, shape, count):
    """Of equal batches, each step moves 0.9 of what the one before did."""
    layer = make()
    x = np.random.default_rng(0).normal(1, 3, shape).astype("float32")
    layer(x)
    found = [
        inner
        for inner in layer._flatten_layers()
        if isinstance(inner, keras.layers.BatchNormalization)
    ]
    assert len(found) == count

    def variances():
        return [
            keras.ops.convert_to_numpy(norm.moving_variance).copy()
            for norm in found
        ]

    seen = [variances()]
    for _ in range(2):
        layer(x, training=True)
        seen.append(variances())
    for norm, start, first, second in zip(found, *seen):
        moved = np.abs(first - start)
        k = moved.argmax()
        assert moved[k] > 1e-3
        kept = (second[k] - first[k]) / (first[k] - start[k])
        assert kept == pytest.approx(0.9, abs=5e-3), norm.path
        epsilon = 1e-3 if "efficientnet" in layer.name else 1e-5
        assert norm.epsilon == epsilon, norm.path
