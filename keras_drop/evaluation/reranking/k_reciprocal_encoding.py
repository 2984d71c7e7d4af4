import numpy as np

from keras_drop.evaluation.distances.threads import in_threads
from keras_drop.evaluation.reranking.nearest_in_set import nearest_in_set

# Images at a time: what is in memory of an intermediate product.
_ROWS = 1024


def k_reciprocal_encoding(distances, k1, k2, power):
    """Encodes every image of a set by its k-reciprocal neighbours.

    Two images are k-reciprocal neighbours if each is among the other's `k1`
    nearest. An image is encoded by weights on these, and on the neighbours of
    those among them that share most of theirs with it; then by the mean over
    its `k2` nearest. Everything is sparse: besides a block of distances, the
    memory grows with the number of neighbours, not with the square of images.

    Args:
        distances: Object with `shape`, `(n, n)`, `block(rows, columns)` and
            `pairs(rows, columns)`.
        k1: Number of neighbours, the image itself not counted.
        k2: Number of encodings that are averaged, its own included; 1 leaves
            it as it is.
        power: Distances enter raised to it, 2 or 4, over the largest one of
            the row.

    Returns:
        Tuple of the `(n, n)` float32 encodings, a SciPy CSR array whose rows
        sum to 1, and `(n,)` floats, the largest distance of each image to
        any.

    Reference:
        [Zhong et al., 2017](https://arxiv.org/abs/1701.08398)
    """
    neighbours, largest = nearest_in_set(distances, max(k1 + 1, k2))
    # Half of k1, as NumPy rounds: a half to the even number.
    reciprocal, half = (
        _reciprocal(neighbours[:, : k + 1]) for k in (k1, round(k1 / 2))
    )
    encodings = _by_rows(
        lambda rows: _encode(
            rows,
            _expand(reciprocal[rows], half),
            distances,
            largest,
            power,
        ),
        len(neighbours),
    )
    if k2 == 1:
        return encodings, largest
    mean = _selection(neighbours[:, :k2]).astype("float32") / np.float32(k2)
    return _by_rows(
        lambda rows: mean[rows] @ encodings, len(neighbours)
    ), largest


def normalised(distances, largest, power):
    """Distances to a power over the largest to the same, in `[0, 1]`.

    Args:
        distances: Floats; they are changed.
        largest: Floats of a shape that broadcasts; where they are 0, so are
            the distances.
        power: 2 or 4.
    """
    distances /= np.where(largest > 0, largest, 1.0)
    for _ in range(power // 2):
        np.square(distances, out=distances)
    return distances


def _selection(neighbours):
    """`(n, n)` bool CSR array, true at the `(n, k)` neighbours of each row."""
    from scipy.sparse import csr_array

    count, k = neighbours.shape
    return csr_array(
        (
            np.ones(count * k, bool),
            np.sort(neighbours, axis=1).ravel(),
            np.arange(0, count * k + 1, k, dtype="int32"),
        ),
        shape=(count, count),
    )


def _reciprocal(neighbours):
    selected = _selection(neighbours)
    return selected.multiply(selected.T.tocsr()).tocsr()


def _expand(reciprocal, half):
    """Some rows of the expanded reciprocal sets, from the same of the sets.

    The set of a member joins if more than two thirds of it are members.
    """
    counts = half.astype("int32")
    shared = (reciprocal.astype("int32") @ counts).multiply(reciprocal).tocsr()
    sizes = np.diff(half.indptr)
    # Half sets are symmetric: a product with them is one with their transpose.
    shared.data = 3 * shared.data > 2 * sizes[shared.indices]
    shared.eliminate_zeros()
    expanded = (reciprocal + shared.astype(bool) @ half).tocsr()
    expanded.sort_indices()
    return expanded


def _encode(rows, expanded, distances, largest, power):
    """Weights on the members of the expanded sets of some rows."""
    from scipy.sparse import csr_array

    sizes = np.diff(expanded.indptr)
    row, column = np.repeat(rows, sizes), expanded.indices
    away = distances.pairs(row, column)
    away[row == column] = 0.0
    weights = np.exp(-normalised(away, largest[row], power))
    totals = np.add.reduceat(weights, expanded.indptr[:-1])
    return csr_array(
        (
            (weights / np.repeat(totals, sizes)).astype("float32"),
            expanded.indices,
            expanded.indptr,
        ),
        shape=expanded.shape,
    )


def _by_rows(function, num_rows):
    """Stacks the sparse rows that `function` gives of some row numbers."""
    from scipy.sparse import vstack

    blocks = in_threads(
        lambda start: function(np.arange(start, min(start + _ROWS, num_rows))),
        range(0, num_rows, _ROWS),
    )
    return vstack(blocks, format="csr")
