import numpy as np

from keras_drop.evaluation.matrix_product import matrix_product
from keras_drop.evaluation.part_factors import (
    FAINTEST_VISIBILITY,
    equal_rows,
    part_factors,
    part_weights,
)

QUERY_TILE = 128
GALLERY_TILE = 1024
NO_COMMON_PART = 1e4


class PartDistances:
    """Distances between images, over the parts that both of them show.

    Every embedding is normalised to unit length. Computed block by block: no
    array with an entry per query, gallery image and part is ever built. The
    matrix products always run over the same tiles, and equal gallery images
    share one row, so that a distance depends neither on the block it is asked
    in nor on where in the gallery its image stands; a plain matrix product
    guarantees neither. Visibility below `1e-6` counts as hidden, an embedding
    of zeros is orthogonal to all others.

    Args:
        query: `Descriptors` of the rows.
        gallery: `Descriptors` of the columns.
        query_rows: Integers, which queries are the rows, in this order.
        gallery_rows: Integers, which gallery images are the columns.
        metric: `"euclidean"`, `"sqeuclidean"` or `"cosine"`.
        combine: `"visibility_mean"`, `"visibility_max"` or `"plain"`.
        visibility_weight: Weight of a part from two continuous visibilities:
            `"sqrt"` of their product, or the `"product"`.
        no_common: Distance of images without a common part: the
            `"sentinel"` 10,000, or `"max_plus_1"`, one more than the largest
            distance between any query and gallery image of the rows and
            columns, which computes all of them once in advance.

    Example:
    >>> query = Descriptors([[[1.0, 0.0], [0.0, 1.0]]], [[True, False]])
    >>> gallery = Descriptors([[[0.0, 2.0], [0.0, 1.0]]], [[True, True]])
    >>> distances = PartDistances(query, gallery, [0], [0], "cosine")
    >>> float(distances.block(np.array([0]), np.array([0]))[0, 0])
    1.0
    """

    def __init__(
        self,
        query,
        gallery,
        query_rows,
        gallery_rows,
        metric="euclidean",
        combine="visibility_mean",
        visibility_weight="sqrt",
        no_common="sentinel",
    ):
        self._root = metric == "euclidean"
        self._maximum = combine == "visibility_max"
        weights, others = (
            part_weights(d.visibility[rows], combine, visibility_weight)
            for d, rows in ((query, query_rows), (gallery, gallery_rows))
        )
        first, self._row_of = equal_rows(gallery, gallery_rows)
        self._weights = _padded(weights, QUERY_TILE)
        self._other_weights = _padded(others[first], GALLERY_TILE)
        # With these rows, w (2 - 2c) is one product; under a square root that
        # is w w (2 - 2c), so that the root is the weighted distance.
        power = 2 if self._root and not self._maximum else 1
        scale = 1.0 if metric == "cosine" else 2.0
        self._x = part_factors(
            query, query_rows, weights**power, 1.0, 1.0, QUERY_TILE
        )
        self._y = part_factors(
            gallery,
            np.asarray(gallery_rows)[first],
            others[first] ** power,
            -scale,
            scale,
            GALLERY_TILE,
        )
        self._all_visible = bool((weights == 1).all() and (others == 1).all())
        self.shape = len(weights), len(others)
        shared = (weights > 0).all(axis=0) & (others > 0).all(axis=0)
        self.no_common_distance = None
        if not shared.any():
            self.no_common_distance = np.float32(NO_COMMON_PART)
            if no_common == "max_plus_1":
                self.no_common_distance = np.float32(-1.0)
                self.no_common_distance = np.float32(
                    max(self._largest(), 0) + 1
                )

    def block(self, rows, columns):
        """Distances of some rows to some columns.

        Args:
            rows: `(n,)` ascending integers.
            columns: `(m,)` integers.

        Returns:
            `(n, m)` float32 array.
        """
        query_tiles, row_places = _tiles(rows, QUERY_TILE)
        gallery_tiles, places = _tiles(self._row_of[columns], GALLERY_TILE)
        out = np.empty(
            (QUERY_TILE * len(query_tiles), GALLERY_TILE * len(gallery_tiles)),
            "float32",
        )
        for a, i in zip(range(0, len(out), QUERY_TILE), query_tiles):
            for b, j in zip(
                range(0, out.shape[1], GALLERY_TILE), gallery_tiles
            ):
                out[a : a + QUERY_TILE, b : b + GALLERY_TILE] = self._tile(
                    slice(i * QUERY_TILE, (i + 1) * QUERY_TILE),
                    slice(j * GALLERY_TILE, (j + 1) * GALLERY_TILE),
                )
        return out[row_places][:, places]

    def _tile(self, rows, columns):
        total = None
        for x, y in zip(self._x, self._y):
            part = matrix_product(x[rows], y[columns])
            if self._root or self._maximum:
                np.maximum(part, 0.0, out=part)
            if self._root and not self._maximum:
                np.sqrt(part, out=part)
            if total is None:
                total = part
            elif self._maximum:
                np.maximum(total, part, out=total)
            else:
                total += part
        if self._root and self._maximum:
            np.sqrt(total, out=total)
        if self._all_visible:
            return total if self._maximum else total / np.float32(len(self._x))
        weight = matrix_product(
            self._weights[rows], self._other_weights[columns]
        )
        if self.no_common_distance is None:
            np.maximum(weight, FAINTEST_VISIBILITY**2, out=weight)
            return total if self._maximum else total / weight
        comparable = weight > 0
        if not self._maximum:
            total /= np.where(comparable, weight, 1.0)
        return np.where(comparable, total, self.no_common_distance)

    def _largest(self):
        num_rows, num_columns = self.shape
        columns = np.arange(num_columns)
        return max(
            self.block(
                np.arange(start, min(start + QUERY_TILE, num_rows)), columns
            ).max()
            for start in range(0, num_rows, QUERY_TILE)
        )


def _padded(array, tile):
    """`array` with rows of zeros up to a whole number of tiles."""
    return np.pad(array, ((0, -len(array) % tile), (0, 0)))


def _tiles(indices, tile):
    """The tiles that hold the indices, and their places in these tiles."""
    tiles = np.unique(indices // tile)
    places = np.searchsorted(tiles, indices // tile) * tile + indices % tile
    if len(places) and (np.diff(places) == 1).all():
        places = slice(places[0], places[-1] + 1)
    return tiles, places
