class GivenDistances:
    """Distances that were computed elsewhere, handed out block by block.

    Args:
        distances: `(num_query, num_gallery)` floats.
        query_rows: Integers, which queries are the rows, in this order.
        gallery_rows: Integers, which gallery images are the columns.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation.distances.given_distances import (
    ...     GivenDistances,
    ... )
    >>> distances = np.array([[0.1, 0.2], [0.3, 0.4]])
    >>> given = GivenDistances(distances, np.array([1]), np.array([1, 0]))
    >>> given.block(np.array([0]), np.array([0, 1])).tolist()
    [[0.4, 0.3]]
    """

    no_common_distance = None

    def __init__(self, distances, query_rows, gallery_rows):
        self._distances = distances
        self._query_rows = query_rows
        self._gallery_rows = gallery_rows
        self.shape = len(query_rows), len(gallery_rows)
        self.num_prepared = len(gallery_rows)

    def block(self, rows, columns):
        """`(n, m)` distances of some rows to some columns."""
        return self._distances[
            self._query_rows[rows][:, None], self._gallery_rows[columns]
        ]

    def prepare(self, columns):
        """Does nothing: all is there."""

    def pairs(self, rows, columns):
        """`(n,)` distances of listed pairs."""
        return self._distances[
            self._query_rows[rows], self._gallery_rows[columns]
        ]
