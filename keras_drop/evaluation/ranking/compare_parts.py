import dataclasses

import numpy as np

from keras_drop.checks import refuse_wrong_rows
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.distances.part_factors import part_weights
from keras_drop.evaluation.reranking.neighbours import unit_length


@dataclasses.dataclass(frozen=True, eq=False)
class PartComparison:
    """How queries and those found for them compare, part by part.

    Places whose row was `-1` have NaN distances and no weight.

    Args:
        names: Names of the parts.
        distances: `(num_query, k)` distances, as they are ranked by in the
            whole gallery.
        distances_of_all: `(num_query, k)` distances as if no part were
            hidden: what an obstacle would have done.
        part_distances: `(num_query, k, parts)` distances of each part, also
            of those that did not count.
        weights: `(num_query, k, parts)` share of each part in the distance;
            they sum to 1, or are 0 where nothing can be compared.
        query_visibility: `(num_query, parts)` floats.
        visibility: `(num_query, k, parts)` floats, of those found.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import compare_parts
    >>> people = Descriptors([[[1.0, 0.0]] * 2] * 2, [[True, True], [1, 0]],
    ...     ("head", "feet"))
    >>> compare_parts(people[:1], people, [[1, 0]]).weights.tolist()
    [[[1.0, 0.0], [0.5, 0.5]]]
    """

    names: tuple
    distances: np.ndarray
    distances_of_all: np.ndarray
    part_distances: np.ndarray
    weights: np.ndarray
    query_visibility: np.ndarray
    visibility: np.ndarray

    def __len__(self):
        return len(self.distances)


def compare_parts(
    query: Descriptors,
    gallery: Descriptors,
    rows: np.ndarray,
    distance: Distance = Distance(),
) -> PartComparison:
    """Takes the distances of queries and gallery images to pieces.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        rows: `(num_query, k)` rows of the gallery, as `nearest` returns them;
            `-1` is nobody.
        distance: `Distance`. Under `"visibility_max"` the part that is
            farthest has all the weight; under `"hpnet_release"` weights are
            those of the second of its two means.

    Returns:
        `PartComparison`.

    Raises:
        ValueError: Descriptors with other parts, or rows that are none.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import compare_parts
    >>> head = Descriptors([[[1.0, 0.0], [1.0, 0.0]]], [[True, False]])
    >>> whole = Descriptors([[[1.0, 0.0], [0.0, 1.0]]])
    >>> pair = compare_parts(head, whole, [[0]])
    >>> print(pair.distances.round(2), pair.distances_of_all.round(2))
    [[0.]] [[0.71]]
    """
    check_distance(distance)
    rows = np.asarray(rows)
    _check(query, gallery, rows)
    found, nobody = np.maximum(rows, 0), rows < 0
    by_part = _part_distances(query, gallery, found, distance.metric)
    own, others = (
        part_weights(side.visibility, distance) for side in (query, gallery)
    )
    weights = own[:, None] * others[found]
    if distance.combine == "visibility_max":
        farthest = np.where(weights > 0, by_part, -1).argmax(axis=-1)
        weights = weights * np.eye(len(query.names), dtype="f4")[farthest]
    sums = weights.sum(axis=-1, keepdims=True)
    weights = weights / np.where(sums > 0, sums, 1)
    weights[nobody], by_part[nobody] = 0, np.nan
    plain = Distance(distance.metric, "plain")
    return PartComparison(
        query.names,
        _distances(query, gallery, found, nobody, distance),
        _distances(query, gallery, found, nobody, plain),
        by_part,
        weights,
        query.visibility.astype("float32"),
        np.where(nobody[..., None], 0, gallery.visibility[found]).astype(
            "float32"
        ),
    )


def _part_distances(query, gallery, rows, metric):
    cosines = np.einsum(
        "qpd,qkpd->qkp",
        unit_length(query.embeddings),
        unit_length(gallery.embeddings[rows]),
    )
    if metric == "cosine":
        return 1 - cosines
    squares = np.maximum(2 - 2 * cosines, 0)
    return squares if metric == "sqeuclidean" else np.sqrt(squares)


def _distances(query, gallery, rows, nobody, distance):
    columns, places = np.unique(rows, return_inverse=True)
    if distance.no_common == "max_plus_1":
        # The largest is that of all images, not of those that were found.
        columns, places = np.arange(len(gallery)), rows
    numbers = np.arange(len(query))
    both = PartDistances(query, gallery, numbers, columns, distance)
    pairs = both.pairs(np.repeat(numbers, rows.shape[1]), places.ravel())
    return np.where(nobody, np.float32("nan"), pairs.reshape(rows.shape))


def _check(query, gallery, rows):
    if query.names != gallery.names:
        raise ValueError(
            f"The queries have the parts {', '.join(query.names)}, the "
            f"gallery {', '.join(gallery.names)}. Embed both by one model."
        )
    refuse_wrong_rows(rows, len(query), len(gallery))
