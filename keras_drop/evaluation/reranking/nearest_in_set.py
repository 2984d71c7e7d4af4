import numpy as np

from keras_drop.evaluation.distances.threads import in_threads

# Whole tiles of `PartDistances`; a block of 8 MB may stay in the cache.
_ROWS = 256
_COLUMNS = 8192
_GROUPS_PER_NEIGHBOUR = 32


def nearest_in_set(distances, count):
    """The nearest images of every image of a set, itself first.

    The square of distances is computed once, streamed, and never held. What
    can be among the nearest is bounded from the minima of groups of columns,
    so that no row is ever sorted or partitioned as a whole.

    Args:
        distances: Object with `shape`, `(n, n)`, and `block(rows, columns)`.
        count: Number of images kept per image, itself included.

    Returns:
        Tuple of `(n, count)` int32 rows, nearest first, of equally near ones
        the lower first, and `(n,)` floats, the largest distance of each image
        to any. The distance of an image to itself counts as 0.
    """
    num_images = distances.shape[0]
    blocks = in_threads(
        lambda start: _nearest_of_rows(
            distances,
            np.arange(start, min(start + _ROWS, num_images)),
            count,
            num_images,
        ),
        range(0, num_images, _ROWS),
    )
    neighbours, largest = zip(*blocks)
    return np.concatenate(neighbours), np.concatenate(largest)


def _nearest_of_rows(distances, rows, count, num_images):
    smallest = np.full((len(rows), count), np.inf, "float32")
    largest, found = np.zeros(len(rows), "float32"), []
    for first in range(0, num_images, _COLUMNS):
        columns = np.arange(first, min(first + _COLUMNS, num_images))
        block = distances.block(rows, columns)
        own = np.flatnonzero((rows >= first) & (rows <= columns[-1]))
        block[own, rows[own] - first] = 0.0
        largest = np.maximum(largest, block.max(axis=1))
        block[own, rows[own] - first] = -np.inf
        smallest = np.concatenate([smallest, _minima(block, count)], axis=1)
        smallest = np.partition(smallest, count - 1, axis=1)[:, :count]
        # As many groups hold an image that is no farther than this.
        bound = smallest[:, -1:]
        places = np.flatnonzero(block <= bound)
        row, column = np.divmod(places, len(columns))
        found.append((row, column + first, block[row, column]))
    row, column, values = map(np.concatenate, zip(*found))
    kept = values <= bound[row, 0]
    row, column, values = row[kept], column[kept], values[kept]
    order = np.lexsort((column, values, row))
    starts = np.searchsorted(row[order], np.arange(len(rows)))
    chosen = order[starts[:, None] + np.arange(count)]
    return column[chosen].astype("int32"), largest


def _minima(block, count):
    """Minima of groups of columns, at least `count` where there are so many.

    The columns of a group stand far from each other: images of one person are
    often neighbours in the files, and would share a group.
    """
    num_columns = block.shape[1]
    depth = max(num_columns // (_GROUPS_PER_NEIGHBOUR * count), 1)
    width = num_columns // depth
    groups = block[:, : depth * width].reshape(len(block), depth, width)
    return np.concatenate(
        [groups.min(axis=1), block[:, depth * width :]], axis=1
    )
