"""Embeddings as factors, whose matrix product is a weighted distance."""

import numpy as np

from keras_drop.evaluation.distances.threads import in_threads

# Weights enter squared: below this they would leave the range of float32.
FAINTEST_VISIBILITY = 1e-6
# Images that are looked at in one go.
_IMAGES = 4096


def part_weights(visibility, distance):
    """`(images, parts)`: the weight of a pair is the product of two."""
    if distance.combine == "plain":
        return np.ones(visibility.shape, "float32")
    weights = visibility.astype("float32")
    weights[weights < FAINTEST_VISIBILITY] = 0.0
    if distance.combine == "visibility_max":
        return (weights > 0).astype("float32")
    if distance.combine == "hpnet_release":
        return weights
    if distance.visibility_weight == "product":
        return weights
    return np.sqrt(weights)


def inverse_lengths(embeddings, rows):
    """`(images, parts)` float32: what scales to unit length; 0 stays 0."""

    def of_some(start):
        some = embeddings[rows[start : start + _IMAGES]]
        squares = np.einsum("npd,npd->np", some, some, dtype="float64")
        lengths = np.sqrt(squares)
        return np.where(lengths > 0, 1 / np.where(lengths > 0, lengths, 1), 0)

    parts = in_threads(of_some, range(0, len(rows), _IMAGES))
    return np.concatenate(parts).astype("float32")


def part_factors(embeddings, scales, weights, scale, constant):
    """One factor per part: scaled unit embeddings and a constant.

    Args:
        embeddings: `(images, parts, dim)`.
        scales: `(images, parts)`, their `inverse_lengths`.
        weights: `(images, parts)`, of both the embeddings and the constant.
        scale: Factor of the embeddings.
        constant: What stands behind them.

    Returns:
        List of `(images, dim + 1)` float32 arrays.
    """
    factors = []
    for k in range(embeddings.shape[1]):
        factor = np.empty((len(embeddings), embeddings.shape[2] + 1), "float32")
        # One factor after the other: their product may leave float32.
        np.multiply(embeddings[:, k], scales[:, k, None], out=factor[:, :-1])
        factor[:, :-1] *= scale * weights[:, k, None]
        factor[:, -1] = constant * weights[:, k]
        factors.append(factor)
    return factors
