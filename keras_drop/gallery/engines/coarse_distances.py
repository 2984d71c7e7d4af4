"""Distances to all images, up to the rounding of float32, without tiles."""

import numpy as np

from keras_drop.evaluation.distances.part_distances import NO_COMMON_PART
from keras_drop.evaluation.distances.part_factors import part_weights
from keras_drop.evaluation.distances.tiles import run_of
from keras_drop.evaluation.reranking.neighbours import unit_length
from keras_drop.gallery.storing.described import shown

# Images at a time: 50 MB of them at 6 x 512 values.
_IMAGES = 4096


def slack_of(distance):
    """How far these distances and the exact ones are apart at most.

    A rounding of 4e-6 under the square root of something near zero is 2e-3
    above it; ten thousand, which HPNet's release adds, has few digits left.
    """
    if distance.combine == "hpnet_release":
        return 1e-2
    return 4e-3 if distance.metric == "euclidean" else 5e-5


def coarse_distances(people, described, rows, distance):
    """Distances of some people to some images of a gallery.

    Args:
        people: `Descriptors` of the people.
        described: `Described` of the gallery; it is read once, in order.
        rows: `(n,)` ascending integers, which images of the gallery.
        distance: `Distance`.

    Returns:
        `(num_people, n)` float32 array, infinite where nothing can be
        compared.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import Distance
    >>> from keras_drop.gallery.engines.coarse_distances import (
    ...     coarse_distances,
    ... )
    >>> from keras_drop.gallery.storing.described import Described
    >>> seen = np.array([[1, 1], [1, 0]], "float32")
    >>> gallery = Described(np.array([1, 2]), seen, np.ones((2, 2), "float32"),
    ...     np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]], "float32"), "ab")
    >>> query = Descriptors([[[2.0, 0.0], [2.0, 0.0]]], [[False, True]])
    >>> coarse_distances(query, gallery, np.arange(2), Distance("cosine"))
    array([[ 1., inf]], dtype=float32)
    """
    own = part_weights(people.visibility, distance)
    units = unit_length(people.embeddings).astype("float32")
    found = np.empty((len(people), len(rows)), "float32")
    for start in range(0, len(rows), _IMAGES):
        some = run_of(rows[start : start + _IMAGES])
        seen = part_weights(shown(described.visibility[some]), distance)
        embeddings = described.embeddings[some]
        if embeddings.dtype != np.float32:
            embeddings = embeddings.astype("float32")
        found[:, start : start + len(seen)] = _of_some(
            (own, units),
            (seen, embeddings, described.scales[some]),
            distance,
        ).T
    return found


def _of_some(query, some, distance):
    """`(images, people)` distances."""
    own, units = query
    seen, embeddings, scales = some
    common = seen @ own.T
    total, first = np.zeros_like(common), np.zeros_like(common)
    released = distance.combine == "hpnet_release"
    for part in range(own.shape[1]):
        weight = np.outer(seen[:, part], own[:, part])
        if not released and not weight.any():
            continue
        values = _product(embeddings[:, part], units[:, part])
        values *= scales[:, part, None]
        np.subtract(1, values, out=values)
        if distance.metric != "cosine":
            values *= 2
        if distance.metric == "euclidean":
            np.sqrt(np.maximum(values, 0, out=values), out=values)
        if distance.combine == "visibility_max":
            values[weight == 0] = 0
            np.maximum(total, values, out=total)
            continue
        if released:
            first += values * own[:, part]
        values *= weight
        total += values
    if distance.combine != "visibility_max":
        total /= np.where(common > 0, common, 1)
    if released:
        total[common <= 0] = NO_COMMON_PART
        length = own.sum(axis=1)
        return total + first / np.where(length > 0, length, 1)
    total[common <= 0] = np.inf
    return total


def _product(embeddings, units):
    """`(images, people)` inner products; of one person without a copy."""
    if len(units) == 1:
        return (embeddings @ units[0])[:, None]
    return embeddings @ units.T
