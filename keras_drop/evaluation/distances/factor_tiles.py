import threading
from concurrent.futures import Future

import numpy as np

from keras_drop.evaluation.distances.matrix_product import to_backend
from keras_drop.evaluation.distances.part_factors import (
    inverse_lengths,
    part_factors,
)
from keras_drop.evaluation.distances.tiles import pad_to_tiles

# What is kept of the tiles, in bytes; more is made again when it is needed.
_KEPT = 1 << 29


class FactorTiles:
    """Images as tiles of factors, whose matrix products are distances.

    A tile is made when it is first asked for, on the backend. Only so many
    are kept: a mapped file of embeddings is never in memory as a whole.

    Args:
        embeddings: `(num_images, parts, dim)` float32 array, maybe mapped.
        rows: `(n,)` integers, which images there are and in which order.
        weights: `(n, parts)` float32 weights of the embeddings.
        powers_and_scales: The power to which the weights enter, the scale of
            the unit embeddings, and the constant behind them.
        tile: Number of images in a tile.
        transposed: Whether images are the columns of a tile.
        keep_all: Whether all tiles are kept.
    """

    def __init__(
        self,
        embeddings,
        rows,
        weights,
        powers_and_scales,
        tile,
        transposed=False,
        keep_all=False,
    ):
        self.tile = tile
        self.scales = inverse_lengths(embeddings, rows)
        self._weights = pad_to_tiles(weights, tile)
        self._embeddings = embeddings
        self._rows = rows
        self._powers_and_scales = powers_and_scales
        self._transposed = transposed
        parts, dim = embeddings.shape[1:]
        size = 4 * tile * parts * (dim + 2)
        self._most = np.inf if keep_all else max(_KEPT // size, 1)
        # How many images are held at once, whatever is asked for.
        self.num_kept = min(self._most * tile, len(rows))
        self._kept = {}
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, number):
        """A tile: the list of its factors by part, and its weights.

        Threads make different tiles at the same time, and wait for one that
        another thread is making.
        """
        with self._lock:
            tile, missing = self._kept.get(number), number not in self._kept
            if missing:
                if len(self._kept) >= self._most:
                    del self._kept[next(iter(self._kept))]
                tile = self._kept[number] = Future()
        if missing:
            try:
                tile.set_result(self._make(number))
            except BaseException as error:
                tile.set_exception(error)
        return tile.result()

    def _make(self, number):
        places = slice(number * self.tile, (number + 1) * self.tile)
        rows = self._rows[places]
        weights = self._weights[places]
        power, scale, constant = self._powers_and_scales
        factors = part_factors(
            self._embeddings[rows],
            self.scales[places],
            weights[: len(rows)] ** power,
            scale,
            constant,
        )
        factors = [pad_to_tiles(factor, self.tile) for factor in factors]
        if self._transposed:
            factors = [factor.T for factor in factors]
            weights = weights.T
        return [to_backend(factor) for factor in factors], to_backend(weights)
