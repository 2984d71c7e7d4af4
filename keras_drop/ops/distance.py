"""Distances between two sets of embeddings, whole or part by part."""

from keras import ops

# Rounding of the products below makes equal rows differ by about this much
# of their squared lengths.
_RELATIVE_ROUNDING = 1e-6


def pairwise_euclidean(x, y):
    """Euclidean distance of every row of `x` to every row of `y`.

    Computed in float32, from products. Rows that are equal, up to the
    rounding of those, have distance 0 with gradient 0.

    Args:
        x: Float tensor of shape `(n, dim)`.
        y: Float tensor of shape `(m, dim)`.

    Returns:
        Float32 tensor of shape `(n, m)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import pairwise_euclidean
    >>> ops.convert_to_numpy(pairwise_euclidean([[3.0, 4.0]], [[0.0, 0.0]]))
    array([[5.]], dtype=float32)
    """
    x, y = ops.cast(x, "float32"), ops.cast(y, "float32")
    return part_distances(x[:, None, :], y[:, None, :])[:, :, 0]


def part_distances(x, y):
    """Euclidean distance of every part of `x` to the same part of `y`.

    Computed in float32, from products: no tensor has more than `n * m`
    values a part. Parts that are equal, up to the rounding of those, have
    distance 0 with gradient 0.

    Args:
        x: Float tensor of shape `(n, parts, dim)`.
        y: Float tensor of shape `(m, parts, dim)`.

    Returns:
        Float32 tensor of shape `(n, m, parts)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import part_distances
    >>> ops.shape(part_distances(ops.ones((4, 8, 512)), ops.ones((9, 8, 512))))
    (4, 9, 8)
    """
    x, y = ops.cast(x, "float32"), ops.cast(y, "float32")
    lengths = (
        ops.sum(ops.square(x), axis=-1)[:, None, :]
        + ops.sum(ops.square(y), axis=-1)[None, :, :]
    )
    squared = lengths - 2.0 * ops.einsum("nkd,mkd->nmk", x, y)
    apart = squared > _RELATIVE_ROUNDING * lengths
    # The square root never sees a zero, so its gradient stays finite.
    return ops.where(apart, ops.sqrt(ops.where(apart, squared, 1.0)), 0.0)


def average_part_distances(distances, weights=None):
    """Mean of the part distances, or their mean weighted part by part.

    Args:
        distances: Float tensor of shape `(n, m, parts)`.
        weights: Float tensor of shape `(n, m, parts)`, not negative: how much
            each part counts for each pair.

    Returns:
        Distances `(n, m)`. With `weights`, a pair of the distances and of
        `comparable`, `(n, m)` booleans that are false where all weights are
        0; the distance there is 0.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import average_part_distances
    >>> distances = ops.array([[[1.0, 3.0]]])
    >>> float(average_part_distances(distances)[0, 0])
    2.0
    >>> mean, comparable = average_part_distances(distances, [[[0.0, 1.0]]])
    >>> float(mean[0, 0]), bool(comparable[0, 0])
    (3.0, True)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    if weights is None:
        return ops.mean(distances, axis=-1)
    weights = ops.cast(weights, distances.dtype)
    total = ops.sum(weights, axis=-1)
    comparable = total > 0.0
    mean = ops.sum(weights * distances, axis=-1)
    return mean / ops.where(comparable, total, 1.0), comparable
