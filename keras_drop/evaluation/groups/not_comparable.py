import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.evaluation.distances.streaming import blocks_of_queries
from keras_drop.evaluation.protocol import CameraMode, check_camera_mode
from keras_drop.records import Records


def not_comparable(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    camera_mode: CameraMode = "real",
) -> np.ndarray:
    """How many gallery images each query has no visible part in common with.

    `stratify` sums them over groups of queries. Junk is not counted. Of the
    embeddings all count, so that `"foreground"`, which is always visible,
    makes any two images comparable.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        camera_mode: As in `Protocol`: which pairs are junk.

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
    both = Comparison(query, gallery, query_records, gallery_records)
    check_camera_mode(camera_mode)
    kept = np.flatnonzero(gallery_records.identities != -1)
    labels, others_labels = both.junk_labels(camera_mode)
    seen = _seen(query.visibility)
    others = _seen(gallery.visibility[kept])
    counts = np.empty(len(query), "int64")
    for rows in blocks_of_queries(len(query)):
        apart = seen[rows] @ others.T == 0
        apart &= labels[rows, None] != others_labels[kept]
        counts[rows] = apart.sum(axis=1)
    return counts


def _seen(visibility):
    return (visibility >= FAINTEST_VISIBILITY).astype("float32")
