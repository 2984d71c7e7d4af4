import numpy as np
from numpy.typing import ArrayLike

from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.ranking.rank_queries import rank_queries
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.records import Records


def evaluate_distances(
    distances: ArrayLike,
    query_records: Records,
    gallery_records: Records,
    *,
    protocol: Protocol | str = Protocol(),
) -> RetrievalResult:
    """`evaluate_retrieval` of distances that are there already.

    Args:
        distances: `(num_query, num_gallery)` floats without NaN, smaller is
            closer.
        query_records: `Records` of the rows.
        gallery_records: `Records` of the columns.
        protocol: `Protocol`, or the name of one.

    Returns:
        `RetrievalResult`.

    Raises:
        ValueError: Distances of another shape or with NaN, an unknown
            protocol, or no query with a match.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances
    >>> result = evaluate_distances([[0.3, 0.1, 0.2]],
    ...     Records(["a"], [7], [0]), Records(["b", "c", "d"], [7, 7, 8],
    ...     [1, 0, 1]))
    >>> result.first_rank.tolist()
    [2]
    """
    protocol = Protocol.of(protocol)
    distances = _checked(distances, query_records, gallery_records)
    matches = find_matches(query_records, gallery_records, protocol.camera_mode)
    return rank_queries(
        GivenDistances(distances, matches.query_order, matches.gallery_order),
        matches,
        len(query_records),
        protocol,
    )


def _checked(distances, query_records, gallery_records):
    """`distances` as an array, if they are one number per pair."""
    distances = np.asarray(distances)
    expected = len(query_records), len(gallery_records)
    if distances.shape != expected or 0 in expected:
        raise ValueError(
            f"{expected[0]} queries and {expected[1]} gallery images need "
            f"distances of the shape {expected}, without a 0; these have "
            f"{distances.shape}."
        )
    if distances.dtype.kind not in "iuf":
        raise ValueError(
            f"Distances are real numbers; these are of the type "
            f"{distances.dtype}. Convert them to floats."
        )
    for row, values in enumerate(distances):
        if np.isnan(values).any():
            raise ValueError(
                f"The distances of query {row} contain NaN; give pairs that "
                "cannot be compared a large number instead."
            )
    return distances
