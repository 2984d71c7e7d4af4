"""Images of equal descriptors, which have to be at equal distances."""

import numpy as np

from keras_drop.evaluation.distances.threads import in_threads

# Images that are looked at in one go.
_IMAGES = 4096


def columns_and_twins(descriptors, rows, tile):
    """Columns of a distance matrix, and behind them what some of them equal.

    Args:
        descriptors: `Descriptors` of the images.
        rows: `(n,)` integers, which images are the columns.
        tile: Number of columns in a tile.

    Returns:
        Tuple of `(m,)` places in `rows`: all, and, if some are equal, some of
        no meaning up to a whole number of tiles and one image of each group
        of equal ones; where these start; and for each of the `n` columns the
        place of the one that it equals, `-1` if it stands alone.
    """
    twins, group = equal_images(descriptors, rows)
    if not len(twins):
        return np.arange(len(rows)), len(rows), group
    filler = np.zeros(-len(rows) % tile, int)
    first = len(rows) + len(filler)
    columns = np.concatenate([np.arange(len(rows)), filler, twins])
    return columns, first, np.where(group >= 0, first + group, -1)


def equal_images(descriptors, rows):
    """Finds images whose descriptors are equal to those of others.

    Returns:
        Tuple of the places of the first of each group of equal images, and
        for each image the number of its group, `-1` if it stands alone.
    """
    keys = _keys(descriptors, rows)
    _, first, number, count = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    alone = count[number] == 1
    for place in np.flatnonzero(~alone):
        row, other = rows[place], rows[first[number[place]]]
        alone[place] = not (
            np.array_equal(
                descriptors.embeddings[row], descriptors.embeddings[other]
            )
            and np.array_equal(
                descriptors.visibility[row], descriptors.visibility[other]
            )
        )
    groups, number_of_group = np.unique(number[~alone], return_inverse=True)
    numbers = np.full(len(rows), -1)
    numbers[~alone] = number_of_group
    return first[groups], numbers


def _keys(descriptors, rows):
    """`(images,)` integers: equal descriptors have equal keys."""

    def of_some(start):
        some = rows[start : start + _IMAGES]
        return _key(descriptors.embeddings[some], seed=0) + _key(
            descriptors.visibility[some], seed=1
        )

    return np.concatenate(in_threads(of_some, range(0, len(rows), _IMAGES)))


def _key(array, seed):
    """Sum of the rows' bits, 64 at a time, each times a number of its own."""
    array = array.reshape(len(array), -1).astype("float32", copy=False)
    if array.shape[1] % 2:
        array = np.pad(array, ((0, 0), (0, 1)))
    bits = np.ascontiguousarray(array).view("uint64")
    multipliers = np.random.default_rng(seed).integers(
        1 << 63, size=bits.shape[1], dtype="uint64"
    )
    return np.einsum("nd,d->n", bits, multipliers)
