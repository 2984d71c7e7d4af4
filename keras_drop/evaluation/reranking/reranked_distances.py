import numpy as np

from keras_drop.evaluation.distances.tiles import run_of
from keras_drop.evaluation.reranking.k_reciprocal_encoding import normalised

_QUERY_BLOCK = 256
# Entries of the sparse rows that are added up at a time, about 100 MB.
_ENTRIES = 4_000_000


class RerankedDistances:
    """Distances mixed with how little two images' neighbours overlap.

    The distance is `(1 - lambda_value) * jaccard + lambda_value * normalised
    distance`, computed block by block like `PartDistances`, which it stands
    in for. Every pair can be compared, if only through its neighbours.

    Args:
        distances: Object with `shape`, `(num_query, num_gallery)`, and
            `block(rows, columns)`.
        query_encodings: `(num_query, n)` CSR array of `k_reciprocal_encoding`.
        gallery_encodings: `(num_gallery, n)` CSR array, likewise.
        largest: `(num_query,)` largest distance of each query to any image.
        power: Distances enter raised to it, 2 or 4.
        lambda_value: Share of the distance in `[0, 1]`.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import rerank
    >>> query, gallery = Descriptors([[1.0, 0.0]]), Descriptors(
    ...     [[1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    >>> distances = rerank(query, gallery, k1=2, k2=1)
    >>> distances.shape, distances.matrix().argsort().tolist()
    ((1, 3), [[0, 2, 1]])

    Reference:
        [Zhong et al., 2017](https://arxiv.org/abs/1701.08398)
    """

    no_common_distance = None

    def __init__(
        self,
        distances,
        query_encodings,
        gallery_encodings,
        largest,
        power,
        lambda_value,
    ):
        self._distances = distances
        self._query_encodings = query_encodings
        self._gallery_encodings = gallery_encodings
        self._by_column = gallery_encodings.tocsc()
        self._largest = largest
        self._power = power
        self._lambda_value = np.float32(lambda_value)
        self.shape = distances.shape
        self.num_prepared = distances.num_prepared

    def prepare(self, columns):
        """Makes now what blocks of these columns have in common."""
        self._distances.prepare(columns)

    def block(self, rows, columns):
        """Distances of some rows to some columns.

        Args:
            rows: `(n,)` integers.
            columns: `(m,)` integers.

        Returns:
            `(n, m)` float32 array.
        """
        out = self._jaccard(rows, columns)
        if self._lambda_value > 0:
            away = normalised(
                self._distances.block(rows, columns),
                self._largest[rows][:, None],
                self._power,
            ).astype("float32", copy=False)
            out *= 1 - self._lambda_value
            away *= self._lambda_value
            out += away
        return out

    def matrix(self):
        """All distances, a `(num_query, num_gallery)` float32 array."""
        num_query, num_gallery = self.shape
        out, columns = np.empty(self.shape, "float32"), np.arange(num_gallery)
        for start in range(0, num_query, _QUERY_BLOCK):
            rows = np.arange(start, min(start + _QUERY_BLOCK, num_query))
            out[rows] = self.block(rows, columns)
        return out

    def _jaccard(self, rows, columns):
        """`1 - s / (2 - s)`, `s` being the sum of the smaller weights."""
        # Few columns are cheaper to turn round than all are to be walked.
        few = 4 * len(columns) < self.shape[1]
        if few:
            by_column = self._gallery_encodings[columns].tocsc()
        else:
            by_column = self._by_column
        queries, run = self._query_encodings[rows], run_of(columns)
        lengths = np.diff(by_column.indptr)[queries.indices]
        ends = np.append(0, np.cumsum(lengths, dtype="int64"))[queries.indptr]
        out, start = np.empty((len(rows), len(columns)), "float32"), 0
        while start < len(rows):
            stop = np.searchsorted(ends, ends[start] + _ENTRIES, "right") - 1
            stop = min(max(stop, start + 1), len(rows))
            shared = _shared(queries[start:stop], by_column)
            out[start:stop] = shared if few else shared[:, run]
            start = stop
        union = 2 - out
        out /= union
        return np.subtract(1, out, out=out)


def _shared(queries, by_column):
    """Sums of the smaller of two weights: only of what both have weight on.

    Each weight of a query meets the column of those who have weight there;
    images that are met more than once are added up.
    """
    from scipy.sparse import csr_array

    lengths = np.diff(by_column.indptr)[queries.indices]
    # SciPy copies what is not of one integer type.
    ends = np.append(0, np.cumsum(lengths)).astype("int32")
    shift = by_column.indptr[queries.indices] - ends[:-1]
    places = np.arange(ends[-1], dtype="int32") + np.repeat(shift, lengths)
    smaller = np.minimum(
        by_column.data[places], np.repeat(queries.data, lengths)
    )
    return csr_array(
        (smaller, by_column.indices[places], ends[queries.indptr]),
        shape=(queries.shape[0], by_column.shape[0]),
    ).toarray()
