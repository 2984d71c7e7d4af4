import numpy as np

from keras_drop.evaluation.combine_parts import (
    check_release,
    largest_of_parts,
    mean_of_parts,
    release_of_parts,
)
from keras_drop.evaluation.matrix_product import matrix_product
from keras_drop.evaluation.part_factors import (
    equal_rows,
    part_factors,
    part_weights,
)
from keras_drop.evaluation.tiles import pad_to_tiles, tiles_of

QUERY_TILE = 128
GALLERY_TILE = 1024
NO_COMMON_PART = 1e4
LARGEST_DISTANCE = {"euclidean": 2.0, "sqeuclidean": 4.0, "cosine": 2.0}
# Pairs are gathered, 2 MB at a time at 512 values: they stay in cache.
_PAIRS = 512


class PartDistances:
    """Distances between images, over the parts that both of them show.

    Every embedding is normalised to unit length. Computed block by block: no
    array with an entry per query, gallery image and part is ever built. The
    matrix products always run over the same tiles, and equal gallery images
    share one row, so that a distance depends neither on the block it is asked
    in nor on where in the gallery its image stands; a plain matrix product
    guarantees neither. Visibility below `1e-6` counts as hidden, an embedding
    of zeros is orthogonal to all others. Distances of images among themselves
    (the same `Descriptors` and rows twice) take half the memory.

    Args:
        query: `Descriptors` of the rows.
        gallery: `Descriptors` of the columns.
        query_rows: Integers, which queries are the rows, in this order.
        gallery_rows: Integers, which gallery images are the columns.
        metric: `"euclidean"`, `"sqeuclidean"` or `"cosine"`.
        combine: `"visibility_mean"`, `"visibility_max"`, `"plain"`, or
            `"hpnet_release"`: the mean over the parts that the query shows,
            hidden in the gallery image or not, plus the mean over those that
            both show. It is not symmetric, a cosine distance only, and there
            for parity with HPNet's released code.
        visibility_weight: Weight of a part from two continuous visibilities:
            `"sqrt"` of their product, or the `"product"`; always the product
            in `"hpnet_release"`.
        no_common: Distance of images without a common part: the
            `"sentinel"` 10,000, or `"max_plus_1"`, one more than the largest
            distance between any query and gallery image of the rows and
            columns, which computes all of them once in advance, or
            `"metric_maximum"`, the largest distance of any two unit vectors.
            In `"hpnet_release"` it takes the place of the second mean.

    Raises:
        ValueError: `"hpnet_release"` with another metric than `"cosine"`, or
            with `"max_plus_1"`.

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
        if combine == "hpnet_release":
            check_release(metric, no_common)
        self._combine = combine
        self._root = metric == "euclidean"
        query_rows, gallery_rows = map(np.asarray, (query_rows, gallery_rows))
        weights, others = (
            part_weights(d.visibility[rows], combine, visibility_weight)
            for d, rows in ((query, query_rows), (gallery, gallery_rows))
        )
        self.shape = len(weights), len(others)
        self._all_visible = bool((weights == 1).all() and (others == 1).all())
        shared = (weights > 0).all(axis=0) & (others > 0).all(axis=0)
        # Images that are equal to others stand once more behind all others.
        first, number = equal_rows(gallery, gallery_rows)
        self._place_of = np.where(
            number < 0, np.arange(len(others)), len(others) + number
        )
        others = np.concatenate([others, others[first]])
        # With these rows, w (2 - 2c) is one product; under a square root that
        # is w w (2 - 2c), so that the root is the weighted distance.
        power = 2 if self._root and combine != "visibility_max" else 1
        scale = 1.0 if metric == "cosine" else 2.0
        self._y = part_factors(
            gallery,
            np.concatenate([gallery_rows, gallery_rows[first]]),
            # The first of the two means takes no account of the gallery.
            others ** (0 if combine == "hpnet_release" else power),
            -scale,
            scale,
            GALLERY_TILE,
        )
        self._other_weights = pad_to_tiles(others, GALLERY_TILE)
        same = query is gallery and np.array_equal(query_rows, gallery_rows)
        if same and combine != "hpnet_release":
            # The factors of the rows are those of the columns, turned round.
            self._signs = np.full(self._y.shape[2], -1 / scale, "float32")
            self._signs[-1] = 1 / scale
            self._weights = self._other_weights
        else:
            self._signs = None
            self._weights = pad_to_tiles(weights, QUERY_TILE)
            self._x = part_factors(
                query, query_rows, weights**power, 1.0, 1.0, QUERY_TILE
            )
        self.no_common_distance = None
        if not shared.any():
            self.no_common_distance = np.float32(NO_COMMON_PART)
            if no_common == "metric_maximum":
                self.no_common_distance = np.float32(LARGEST_DISTANCE[metric])
            elif no_common == "max_plus_1":
                self.no_common_distance = np.float32(-1.0)
                self.no_common_distance = np.float32(
                    max(self._largest(), 0) + 1
                )

    def block(self, rows, columns):
        """Distances of some rows to some columns.

        Args:
            rows: `(n,)` integers; cheap where they follow each other.
            columns: `(m,)` integers, likewise.

        Returns:
            `(n, m)` float32 array, the caller's own.
        """
        query_tiles, row_places = tiles_of(rows, QUERY_TILE)
        gallery_tiles, places = tiles_of(self._place_of[columns], GALLERY_TILE)
        out = np.empty(
            (QUERY_TILE * len(query_tiles), GALLERY_TILE * len(gallery_tiles)),
            "float32",
        )
        for a, i in enumerate(query_tiles):
            factors = self._row_factors(i)
            out_rows = out[a * QUERY_TILE : (a + 1) * QUERY_TILE]
            for b, j in enumerate(gallery_tiles):
                out_rows[:, b * GALLERY_TILE : (b + 1) * GALLERY_TILE] = (
                    self._distances(matrix_product, factors, i, j)
                )
        return out[row_places][:, places]

    def pairs(self, rows, columns):
        """Distances of listed pairs.

        They equal those of `block` up to the rounding of float32 (`1e-6` of a
        squared distance), not to the last bit, and depend on nothing else in
        the list.

        Args:
            rows: `(n,)` integers.
            columns: `(n,)` integers.

        Returns:
            `(n,)` float32 array.
        """
        out = np.empty(len(rows), "float32")
        for start in range(0, len(rows), _PAIRS):
            chunk = slice(start, start + _PAIRS)
            i, j = rows[chunk], self._place_of[columns[chunk]]
            out[chunk] = self._distances(
                _row_products, self._row_factors(i), i, j
            )
        return out

    def _row_factors(self, rows):
        if self._signs is None:
            return [x[rows] for x in self._x]
        return [y[rows] * self._signs for y in self._y]

    def _distances(self, product, factors, rows, columns):
        """`product` is of all rows with all columns, or pair by pair."""
        own, others = self._weights[rows], self._other_weights[columns]
        products = (product(x, y[columns]) for x, y in zip(factors, self._y))
        if self._combine == "hpnet_release":
            return release_of_parts(
                products,
                product(own, np.ones_like(others)),
                product(own, others),
                others.T,
                self.no_common_distance,
            )
        weight = None if self._all_visible else product(own, others)
        combine = (
            largest_of_parts
            if self._combine == "visibility_max"
            else mean_of_parts
        )
        return combine(products, weight, self._root, self.no_common_distance)

    def _largest(self):
        num_rows, num_columns = self.shape
        columns = np.arange(num_columns)
        return max(
            self.block(
                np.arange(start, min(start + QUERY_TILE, num_rows)), columns
            ).max()
            for start in range(0, num_rows, QUERY_TILE)
        )


def _row_products(x, y):
    """`(n,)` products of the rows of two `(n, d)` arrays."""
    return np.einsum("nd,nd->n", x, y)
