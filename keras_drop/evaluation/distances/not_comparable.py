import numpy as np

from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_pair,
)
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY

_QUERY_BLOCK = 256


def not_comparable(
    query, gallery, query_records, gallery_records, *, camera_mode="real"
):
    """How many gallery images each query has no visible part in common with.

    `stratify` sums them over groups of queries. Junk is not counted. Of the
    embeddings all count, so that `"foreground"`, which is always visible,
    makes any two images comparable.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        camera_mode: As in `evaluate_retrieval`: which pairs are junk.

    Returns:
        `(num_queries,)` integers.

    Raises:
        ValueError: Descriptors and records that do not fit each other.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import not_comparable
    >>> query = Descriptors(np.ones((1, 2, 2)), [[1, 0]])
    >>> gallery = Descriptors(np.ones((2, 2, 2)), [[0, 1], [1, 1]])
    >>> not_comparable(query, gallery, Records(["a"], [1], [0]),
    ...     Records(["b", "c"], [1, 2], [1, 1])).tolist()
    [1]
    """
    check_pair(query, gallery, query_records, gallery_records)
    check_choice("camera_mode", camera_mode)
    kept = np.flatnonzero(gallery_records.identities != -1)
    identities = gallery_records.identities[kept]
    cameras = gallery_records.cameras[kept]
    seen = _seen(query.visibility)
    others = _seen(gallery.visibility[kept])
    counts = np.empty(len(query), "int64")
    for start in range(0, len(query), _QUERY_BLOCK):
        rows = slice(start, start + _QUERY_BLOCK)
        apart = seen[rows] @ others.T == 0
        if camera_mode == "real":
            junk = query_records.identities[rows, None] == identities
            junk &= query_records.cameras[rows, None] == cameras
            apart &= ~junk
        counts[rows] = apart.sum(axis=1)
    return counts


def _seen(visibility):
    return (visibility >= FAINTEST_VISIBILITY).astype("float32")
