"""A row of things, however many, averaged to a fixed number of groups."""

from keras import ops


def adaptive_pooling_weights(positions, count, num_groups, num_rows=None):
    """Weights that average the first things of a row to groups.

    Group `p` takes the positions from `floor(p * count / num_groups)` up to,
    not including, `ceil((p + 1) * count / num_groups)`, all with the same
    weight. Neighbouring groups share a position where `count` is not a
    multiple of `num_groups`; none is empty.

    Args:
        positions: `(..., n)` integers from 0: the place of each thing.
        count: `(...)` integers of at least 1: how many places there are.
            Things in later places weigh nothing.
        num_groups: Integer, or with `num_rows` a scalar tensor.
        num_rows: Rows of the result, of which those from `num_groups` on are
            0; left out, as many as groups.

    Returns:
        `(..., num_rows, n)` float32. Each row of a group sums to 1, provided
        that every place below `count` is taken once.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import adaptive_pooling_weights
    >>> weights = adaptive_pooling_weights([2, 0, 1, 3], 3, num_groups=2)
    >>> ops.convert_to_numpy(weights)
    array([[0. , 0.5, 0.5, 0. ],
           [0.5, 0. , 0.5, 0. ]], dtype=float32)
    """
    positions = ops.cast(positions, "int32")[..., None, :]
    count = ops.cast(count, "int32")[..., None, None]
    rows = num_groups if num_rows is None else num_rows
    group = ops.arange(rows, dtype="int32")[:, None]
    start = group * count // num_groups
    end = ((group + 1) * count + num_groups - 1) // num_groups
    inside = ops.logical_and(positions >= start, positions < end)
    inside = ops.logical_and(inside, group < num_groups)
    share = 1.0 / ops.cast(end - start, "float32")
    return ops.where(inside, share, 0.0)
