import numpy as np

from keras_drop.evaluation.distances.streaming import stream_distances


def nearest_columns(distances, k, row_labels, column_labels):
    """The `k` nearest columns of every row, but those of its own label.

    Of equally near columns the first is nearer. The distances are streamed
    and never held.

    Args:
        distances: As of `stream_distances`.
        k: Number of columns per row.
        row_labels: `(num_rows,)` whole numbers: columns of the label of a row
            are left out of its own.
        column_labels: `(num_columns,)` whole numbers, likewise.

    Returns:
        Tuple of `(num_rows, k)` columns, nearest first, and their
        `(num_rows, k)` float32 distances. Where fewer than `k` are left, the
        columns end with `-1` and the distances with infinity.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation.distances.given_distances import (
    ...     GivenDistances,
    ... )
    >>> from keras_drop.evaluation.distances.nearest_columns import (
    ...     nearest_columns,
    ... )
    >>> given = GivenDistances(
    ...     np.array([[0.3, 0.1, 0.2]]), np.arange(1), np.arange(3))
    >>> labels, others = np.array([7]), np.array([1, 7, 2])
    >>> nearest_columns(given, 2, labels, others)[0].tolist()
    [[2, 0]]
    """
    num_rows = distances.shape[0]
    columns = np.full((num_rows, k), -1)
    values = np.full((num_rows, k), np.inf, "float32")

    def start(rows):
        def add(block, first):
            for row, found in zip(rows, block):
                others = column_labels[first : first + len(found)]
                found[others == row_labels[row]] = np.inf
                near = _smallest(found, k)
                merged = np.concatenate([values[row], found[near]])
                numbers = np.concatenate([columns[row], first + near])
                order = np.argsort(merged, kind="stable")[:k]
                values[row], columns[row] = merged[order], numbers[order]

        return add

    stream_distances(distances, start)
    return columns, values


def _smallest(values, k):
    """Places of all finite values up to the `k`-th smallest, ascending."""
    limit = np.partition(values, k - 1)[k - 1] if k < len(values) else np.inf
    return np.flatnonzero((values <= limit) & np.isfinite(values))
