"""Where rows lie in tiles of always the same size."""

import numpy as np


def tiles_of(indices, tile):
    """Numbers of the tiles that hold the indices, and places in these tiles.

    The places are a slice where they follow each other.
    """
    run = run_of(indices)
    if isinstance(run, slice):
        first, last = run.start // tile, (run.stop - 1) // tile
        places = slice(run.start - first * tile, run.stop - first * tile)
        return list(range(first, last + 1)), places
    held = np.bincount(indices // tile) > 0
    tiles = np.flatnonzero(held)
    places = (np.cumsum(held) - 1)[indices // tile] * tile + indices % tile
    return tiles.tolist(), run_of(places)


def run_of(indices):
    """The slice that the indices are, or the indices if they are none."""
    if len(indices) and (np.diff(indices) == 1).all():
        return slice(indices[0], indices[-1] + 1)
    return indices


def pad_to_tiles(array, tile):
    """`array` with rows of zeros up to a whole number of tiles."""
    missing = -len(array) % tile
    return np.pad(array, ((0, missing), (0, 0))) if missing else array
