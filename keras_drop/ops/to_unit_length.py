"""Vectors of length 1, and what becomes of those that have none."""

from keras import ops


def to_unit_length(vectors):
    """Brings vectors to length 1; one shorter than 1e-6 becomes 0.

    Unlike `ops.normalize`, the gradient of a vector of zeros, such as the
    embedding of a part that is not seen, is 0 on every backend.

    Args:
        vectors: Float tensor of shape `(..., dim)`.

    Returns:
        Float tensor of the same shape.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import to_unit_length
    >>> print(ops.convert_to_numpy(to_unit_length([[3.0, 4.0], [0.0, 0.0]])))
    [[0.6 0.8]
     [0.  0. ]]
    """
    vectors = ops.convert_to_tensor(vectors)
    squared = ops.sum(ops.square(vectors), axis=-1, keepdims=True)
    long = squared > 1e-12
    scale = ops.rsqrt(ops.where(long, squared, 1.0))
    return vectors * ops.where(long, scale, 0.0)
