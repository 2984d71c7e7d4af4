"""Distances between two sets of embeddings."""

from keras import ops


def pairwise_euclidean(x, y, epsilon=1e-12):
    """Euclidean distance of every row of `x` to every row of `y`.

    Args:
        x: Float tensor of shape `(n, dim)`.
        y: Float tensor of shape `(m, dim)`.
        epsilon: Squared distances below this are raised to it, which keeps
            the gradient of the square root finite for equal rows.

    Returns:
        Float tensor of shape `(n, m)`.
    """
    squared = (
        ops.sum(ops.square(x), axis=1)[:, None]
        + ops.sum(ops.square(y), axis=1)[None, :]
        - 2.0 * ops.matmul(x, ops.transpose(y))
    )
    return ops.sqrt(ops.maximum(squared, epsilon))
