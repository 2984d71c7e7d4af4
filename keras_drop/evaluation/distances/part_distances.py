import numpy as np

from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.evaluation.distances.combine_parts import (
    largest_of_parts,
    mean_of_parts,
    release_of_parts,
)
from keras_drop.evaluation.distances.equal_images import columns_and_twins
from keras_drop.evaluation.distances.factor_tiles import FactorTiles
from keras_drop.evaluation.distances.matrix_product import matrix_product
from keras_drop.evaluation.distances.part_factors import part_weights
from keras_drop.evaluation.distances.threads import in_threads
from keras_drop.evaluation.distances.tiles import tiles_of

# Large enough for a fast product, small enough for the cache.
QUERY_TILE = 256
GALLERY_TILE = 2048
NO_COMMON_PART = 1e4
LARGEST_DISTANCE = {"euclidean": 2.0, "sqeuclidean": 4.0, "cosine": 2.0}
# Pairs are gathered, 2 MB at a time at 512 values: they stay in cache.
_PAIRS = 512


class PartDistances:
    """Distances between images, over the parts that both of them show.

    Every embedding is normalised to unit length. Computed block by block: no
    array with an entry per query, gallery image and part is ever built. The
    matrix products always run over the same tiles, and equal gallery images
    share one column, so that a distance depends neither on the block it is
    asked in nor on where in the gallery its image stands; a plain matrix
    product guarantees neither. Visibility below `1e-6` counts as hidden, an
    embedding of zeros is orthogonal to all others. Embeddings may be a mapped
    file: what is made of them is made tile by tile.

    Args:
        query: `Descriptors` of the rows.
        gallery: `Descriptors` of the columns.
        query_rows: Integers, which queries are the rows, in this order.
        gallery_rows: Integers, which gallery images are the columns.
        distance: `Distance`. With `no_common="max_plus_1"` the largest is
            that of the rows and columns.
        no_common_distance: Distance of images without a common part, if not
            what `distance` says.
        keep_all: Whether all that is made of the embeddings is kept, for
            blocks that are not asked for in the order of the columns. It
            takes as much memory as the embeddings, at each of the two sides.
        num_gallery: Of how many images the columns were chosen, if they are
            a shortlist: distances then equal those to all of them to the last
            bit, as the tiles are the same.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import Distance, PartDistances
    >>> query = Descriptors([[[1.0, 0.0], [0.0, 1.0]]], [[True, False]])
    >>> gallery = Descriptors([[[0.0, 2.0], [0.0, 1.0]]], [[True, True]])
    >>> cosine = Distance("cosine")
    >>> distances = PartDistances(query, gallery, [0], [0], cosine)
    >>> float(distances.block(np.array([0]), np.array([0]))[0, 0])
    1.0
    """

    def __init__(
        self,
        query,
        gallery,
        query_rows,
        gallery_rows,
        distance=Distance(),
        *,
        no_common_distance=None,
        keep_all=False,
        num_gallery=None,
    ):
        check_distance(distance)
        self._combine = distance.combine
        self._root = distance.metric == "euclidean"
        self._embeddings = query.embeddings, gallery.embeddings
        self._rows = tuple(map(np.asarray, (query_rows, gallery_rows)))
        self._weights = tuple(
            part_weights(side.visibility[rows], distance)
            for side, rows in zip((query, gallery), self._rows)
        )
        self.shape = tuple(map(len, self._weights))
        self._all_visible = all((w == 1).all() for w in self._weights)
        # With these factors, w (2 - 2c) is one product; under a square root
        # that is w w (2 - 2c), so that the root is the weighted distance.
        power = 2 if self._root and self._combine != "visibility_max" else 1
        # The first of the two means takes no account of the gallery.
        released = self._combine == "hpnet_release"
        self._powers = power, 0 if released else power
        self._scale = 1.0 if distance.metric == "cosine" else 2.0
        self._x = FactorTiles(
            query.embeddings,
            self._rows[0],
            self._weights[0],
            (self._powers[0], 1.0, 1.0),
            _tile(QUERY_TILE, self.shape[0]),
            keep_all=keep_all,
        )
        # Of images that are equal one stands once more, behind all others.
        tile = _tile(GALLERY_TILE, num_gallery or self.shape[1])
        columns, self._num_columns, self._twin_of = columns_and_twins(
            gallery, self._rows[1], tile
        )
        self._y = FactorTiles(
            gallery.embeddings,
            self._rows[1][columns],
            self._weights[1][columns],
            (self._powers[1], -self._scale, self._scale),
            tile,
            transposed=True,
            keep_all=keep_all,
        )
        self.num_prepared = self._y.num_kept
        self.no_common_distance = None
        shared = [(weights > 0).all(axis=0) for weights in self._weights]
        if not (shared[0] & shared[1]).any():
            if no_common_distance is None:
                no_common_distance = NO_COMMON_PART
                if distance.no_common == "max_plus_1":
                    # Behind nothing, while the largest is looked for.
                    self.no_common_distance = np.float32(-1.0)
                    no_common_distance = max(self._largest(), 0) + 1
            self.no_common_distance = np.float32(no_common_distance)

    def prepare(self, columns):
        """Makes now, on all cores, what blocks of these columns share.

        Args:
            columns: Integers, best not more than `num_prepared` that follow
                each other.
        """
        in_threads(self._y.__getitem__, tiles_of(columns, self._y.tile)[0])

    def block(self, rows, columns):
        """Distances of some rows to some columns.

        Args:
            rows: `(n,)` integers; cheap where they follow each other.
            columns: `(m,)` integers, likewise.

        Returns:
            `(n, m)` float32 array, the caller's own.
        """
        out = self._of_tiles(rows, columns)
        if self._num_columns < len(self._y):
            places = self._twin_of[columns]
            twins = np.flatnonzero(places >= 0)
            if len(twins):
                out[:, twins] = self._of_tiles(rows, places[twins])
        return out

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
            i, j = rows[chunk], columns[chunk]
            x, y = (
                embeddings[rows[places]]
                for embeddings, rows, places in zip(
                    self._embeddings, self._rows, (i, j)
                )
            )
            cosines = np.einsum("npd,npd->np", x, y)
            cosines *= self._x.scales[i] * self._y.scales[j]
            own, others = self._weights[0][i], self._weights[1][j]
            products = self._scale * (1 - cosines)
            products *= own ** self._powers[0] * others ** self._powers[1]
            weight = np.einsum("np,np->n", own, others)
            self._fill(out[chunk], products.T, own.sum(1), others.T, weight)
        return out

    def _of_tiles(self, rows, columns):
        height, width = self._x.tile, self._y.tile
        row_tiles, row_places = tiles_of(rows, height)
        column_tiles, places = tiles_of(columns, width)
        out = np.empty(
            (height * len(row_tiles), width * len(column_tiles)), "float32"
        )
        for b, j in enumerate(column_tiles):
            y, others = self._y[j]
            for a, i in enumerate(row_tiles):
                x, own = self._x[i]
                weight = None
                if not self._all_visible:
                    weight = matrix_product(own, others)
                self._fill(
                    out[
                        a * height : (a + 1) * height,
                        b * width : (b + 1) * width,
                    ],
                    map(matrix_product, x, y),
                    np.asarray(own).sum(axis=1, keepdims=True),
                    np.asarray(others),
                    weight,
                )
        return out[row_places][:, places]

    def _fill(self, out, products, own_weight, others, weight):
        if self._combine == "hpnet_release":
            release_of_parts(
                products,
                own_weight,
                own_weight if weight is None else weight,
                others,
                self.no_common_distance,
                out,
            )
            return
        combine = (
            largest_of_parts
            if self._combine == "visibility_max"
            else mean_of_parts
        )
        if self._all_visible:
            weight = None
        combine(products, weight, self._root, self.no_common_distance, out)

    def _largest(self):
        num_rows, num_columns = self.shape
        columns = np.arange(num_columns)
        return max(
            self.block(
                np.arange(start, min(start + QUERY_TILE, num_rows)), columns
            ).max()
            for start in range(0, num_rows, QUERY_TILE)
        )


def _tile(most, count):
    """`most`, or the first power of two that holds all of fewer images."""
    return min(most, 1 << (count - 1).bit_length())
