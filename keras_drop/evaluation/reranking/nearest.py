import numpy as np

from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_pair,
    check_positive,
)
from keras_drop.evaluation.distances.streaming import stream_distances
from keras_drop.evaluation.reranking.retrieval_distances import (
    retrieval_distances,
)

_GALLERY_CHUNK = 65_536


def nearest(
    query,
    gallery,
    query_records,
    gallery_records,
    k=10,
    *,
    metric="euclidean",
    combine="visibility_mean",
    visibility_weight="sqrt",
    no_common="sentinel",
    camera_mode="real",
    rerank="off",
    query_block=256,
):
    """The `k` nearest gallery images of every query, junk left out.

    Equal distances keep the order of the gallery.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        k: Number of images per query.
        metric: As in `evaluate_retrieval`, like all that follow.
        combine: How the parts become one distance.
        visibility_weight: Weight of a part with continuous visibility.
        no_common: Distance of images without a common part.
        camera_mode: Whether the cameras are real.
        rerank: Preset of the re-ranking, or `"off"`.
        query_block: Number of queries at a time.

    Returns:
        Tuple of `(num_query, k)` rows of the gallery, nearest first, and
        their `(num_query, k)` float32 distances. Where fewer than `k` images
        are left, the rows end with `-1` and the distances with infinity.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            nothing to compare, an unknown option, or too few images to
            re-rank.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import nearest
    >>> rows, distances = nearest(
    ...     Descriptors([[1.0, 0.0]]), Descriptors([[0.0, 1.0], [1.0, 0.1]]),
    ...     Records(["a"], [1], [0]), Records(["b", "c"], [2, 1], [1, 1]), k=2)
    >>> rows.tolist()
    [[1, 0]]
    """
    check_pair(query, gallery, query_records, gallery_records)
    check_choice("camera_mode", camera_mode)
    check_positive("k", k)
    check_positive("query_block", query_block)
    kept = np.flatnonzero(gallery_records.identities != -1)
    if not len(kept):
        raise ValueError(
            f"All {len(gallery)} gallery images have the identity -1, junk; "
            "there is nothing to find. Give the images that are to be found "
            "another identity, such as 0."
        )
    identities = gallery_records.identities[kept]
    cameras = gallery_records.cameras[kept]
    rows = np.full((len(query), k), -1)
    values = np.full((len(query), k), np.inf, "float32")
    distances = retrieval_distances(
        query,
        gallery,
        np.arange(len(query)),
        kept,
        metric=metric,
        combine=combine,
        visibility_weight=visibility_weight,
        no_common=no_common,
        rerank=rerank,
    )

    def start(queries):
        def add(block, first):
            for row, found in zip(queries, block):
                columns = slice(first, first + len(found))
                if camera_mode == "real":
                    junk = identities[columns] == query_records.identities[row]
                    junk &= cameras[columns] == query_records.cameras[row]
                    found[junk] = np.inf
                near = _smallest(found, k)
                merged = np.concatenate([values[row], found[near]])
                numbers = np.concatenate([rows[row], kept[first + near]])
                order = np.argsort(merged, kind="stable")[:k]
                values[row], rows[row] = merged[order], numbers[order]

        return add

    stream_distances(
        distances, len(query), len(kept), query_block, _GALLERY_CHUNK, start
    )
    return rows, values


def _smallest(values, k):
    """Places of all finite values up to the `k`-th smallest, ascending."""
    limit = np.partition(values, k - 1)[k - 1] if k < len(values) else np.inf
    return np.flatnonzero((values <= limit) & np.isfinite(values))
