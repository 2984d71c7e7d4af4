import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.ranking.evaluate_retrieval import (
    evaluate_comparison,
)
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.records import Records


def evaluate_camera_pairs(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    distance: Distance = Distance(),
    protocol: Protocol | str = Protocol(),
) -> dict[tuple[int, int], RetrievalResult]:
    """Evaluates the queries of each camera against the images of each other.

    Of a pair of cameras, the gallery holds the images of the second one
    alone, matches and others: it tells how well people are found again from
    the one view in the other. A query without a match there is skipped.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        distance: `Distance`.
        protocol: `Protocol`, or the name of one.

    Returns:
        Dictionary from pairs `(query camera, gallery camera)`, ascending, to
        their `RetrievalResult`. Pairs without a match are left out, so with
        real cameras all of a camera with itself.

    Raises:
        ValueError: What `evaluate_retrieval` refuses.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import evaluate_camera_pairs
    >>> query = Descriptors([[1.0, 0.0]])
    >>> gallery = Descriptors([[0.0, 1.0], [1.0, 0.1], [0.0, 1.0]])
    >>> pairs = evaluate_camera_pairs(query, gallery,
    ...     Records(["a"], [1], [0]),
    ...     Records(["b", "c", "d"], [1, 2, 1], [1, 1, 2]))
    >>> [(pair, result.metrics["mAP"]) for pair, result in pairs.items()]
    [((0, 1), 0.5), ((0, 2), 1.0)]
    """
    both = Comparison(query, gallery, query_records, gallery_records)
    protocol = Protocol.of(protocol)
    results = {}
    for pair in _pairs(query_records, gallery_records):
        rows = query_records.cameras == pair[0]
        columns = gallery_records.cameras == pair[1]
        people = np.intersect1d(
            query_records.identities[rows], gallery_records.identities[columns]
        )
        all_junk = protocol.camera_mode == "real" and pair[0] == pair[1]
        if all_junk or not (people != -1).any():
            continue
        results[pair] = evaluate_comparison(
            both.of(rows, columns), distance, protocol
        )
    return results


def _pairs(query_records, gallery_records):
    for camera in np.unique(query_records.cameras).tolist():
        for other in np.unique(gallery_records.cameras).tolist():
            yield camera, other
