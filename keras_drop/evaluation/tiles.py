"""Where rows lie in tiles of always the same size."""

import numpy as np


def tiles_of(indices, tile):
    """Numbers of the tiles that hold the indices, and places in these tiles.

    The places are a slice where they follow each other.
    """
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
    return np.pad(array, ((0, -len(array) % tile), (0, 0)))
