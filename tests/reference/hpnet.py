"""Slow, obvious NumPy versions of HPNet's parts."""

import numpy as np

from tests.reference import maps


def parsing_logits(features, weights, path):
    """`(batch, height, width, 1)`; `weights` by the path of the variable."""
    hidden = maps.convolve(features, weights[f"{path}/convolution/kernel"])
    hidden = maps.normalise(
        hidden,
        weights[f"{path}/normalisation/gamma"],
        weights[f"{path}/normalisation/beta"],
        weights[f"{path}/normalisation/moving_mean"],
        weights[f"{path}/normalisation/moving_variance"],
    )
    return maps.convolve(
        np.maximum(hidden, 0),
        weights[f"{path}/classifier/kernel"],
        weights[f"{path}/classifier/bias"],
    )


def masked_maximum(features, mask):
    """Of one image: `(channels,)`, and whether any cell is in the mask."""
    pooled, seen = np.zeros(features.shape[-1]), False
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            if mask[row, column]:
                cell = features[row, column]
                pooled = np.maximum(pooled, cell) if seen else cell
                seen = True
    return pooled, seen
