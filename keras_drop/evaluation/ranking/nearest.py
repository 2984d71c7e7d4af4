import warnings

import numpy as np

from keras_drop.checks import refuse_no_count
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.distances.nearest_columns import nearest_columns
from keras_drop.evaluation.protocol import CameraMode, check_camera_mode
from keras_drop.evaluation.reranking.rerank import Rerank
from keras_drop.evaluation.reranking.retrieval_distances import (
    retrieval_distances,
)
from keras_drop.records import Records


def nearest(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records | None = None,
    gallery_records: Records | None = None,
    k: int = 10,
    *,
    distance: Distance = Distance(),
    camera_mode: CameraMode = "real",
    rerank: Rerank = "off",
) -> tuple[np.ndarray, np.ndarray]:
    """The `k` nearest gallery images of every query, junk left out.

    Equal distances keep the order of the gallery.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries. Without the records of both
            sides nothing is junk.
        gallery_records: `Records` of the gallery.
        k: Number of images per query.
        distance: `Distance`.
        camera_mode: As in `Protocol`: which pairs are junk.
        rerank: As in `evaluate_retrieval`.

    Returns:
        Tuple of `(num_query, k)` rows of the gallery, nearest first, and
        their `(num_query, k)` float32 distances. Where fewer than `k` images
        are left, the rows end with `-1` and the distances with infinity, and
        a warning says so. Without records there are as many columns as
        gallery images at most, and none is `-1`.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            records of one side, nothing to compare, an unknown option, or
            too few images to re-rank.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import nearest
    >>> rows, distances = nearest(
    ...     Descriptors([[1.0, 0.0]]), Descriptors([[0.0, 1.0], [1.0, 0.1]]),
    ...     Records(["a"], [1], [0]), Records(["b", "c"], [2, 1], [1, 1]), k=2)
    >>> rows.tolist()
    [[1, 0]]
    """
    refuse_no_count(k=k)
    if (query_records is None) != (gallery_records is None):
        raise ValueError(
            "Give `query_records` and `gallery_records`, or neither of them."
        )
    if query_records is None:
        query_records, gallery_records = map(_nobody, (query, gallery))
        camera_mode, k = "none", min(k, max(len(gallery), 1))
    both = Comparison(query, gallery, query_records, gallery_records)
    check_camera_mode(camera_mode)
    kept = np.flatnonzero(gallery_records.identities != -1)
    if not len(kept):
        raise ValueError(
            f"All {len(gallery)} gallery images have the identity -1, junk; "
            "there is nothing to find. Give the images that are to be found "
            "another identity, such as 0."
        )
    distances = retrieval_distances(
        both, np.arange(len(query)), kept, distance, rerank
    )
    labels, others = both.junk_labels(camera_mode)
    columns, values = nearest_columns(distances, k, labels, others[kept])
    few = np.count_nonzero((columns < 0).any(axis=1))
    if few:
        warnings.warn(
            f"{few} of {len(query)} queries have fewer than {k} gallery "
            "images that are not junk; their rows end with -1, their "
            "distances with infinity. Lower `k`.",
            stacklevel=2,
        )
    return np.where(columns < 0, -1, kept[columns]), values


def _nobody(images):
    """Records of images of which nothing is known."""
    none = np.zeros(len(images), int)
    return Records([""] * len(images), none, none)
