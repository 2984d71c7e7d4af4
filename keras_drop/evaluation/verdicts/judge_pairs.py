import numpy as np

from keras_drop.evaluation.comparison import check_descriptors
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.evaluation.reranking.neighbours import distances_to
from keras_drop.evaluation.verdicts.verdicts import Verdicts


def judge_pairs(query, gallery, rows, calibration, threshold, distance):
    """`Verdicts` of queries and the given rows of the gallery.

    Raises:
        ValueError: Sides that do not fit each other, or rows that are none.
    """
    check_descriptors(query, gallery)
    rows = _checked_rows(rows, len(query), len(gallery))
    distances = distances_to(query, gallery, rows, distance)
    seen, others = (
        side.visibility >= FAINTEST_VISIBILITY for side in (query, gallery)
    )
    shared = seen[:, None] & others[rows] & (rows >= 0)[..., None]
    sets, number = np.unique(
        shared.reshape(-1, shared.shape[2]), axis=0, return_inverse=True
    )
    number = number.reshape(rows.shape)
    probability = np.full(rows.shape, np.nan)
    basis = np.full(rows.shape, "", "<U5")
    for place, parts in enumerate(sets):
        if parts.any():
            chosen = number == place
            scaling, basis[chosen] = calibration.scaling(parts)
            probability[chosen] = scaling.probability(
                distances[chosen].astype("float64")
            )
    verdict = np.where(probability >= threshold, "same", "different")
    return Verdicts(
        np.where(shared.any(axis=2), verdict, "not comparable"),
        probability,
        distances,
        shared,
        basis,
        query.names,
    )


def _checked_rows(rows, num_queries, num_gallery):
    rows = np.asarray(rows)
    if (
        rows.ndim != 2
        or len(rows) != num_queries
        or rows.dtype.kind not in "iu"
    ):
        raise ValueError(
            f"`rows` holds gallery rows of each of the {num_queries} queries, "
            f"whole numbers of the shape (queries, k); these are "
            f"{rows.dtype} of the shape {rows.shape}."
        )
    if rows.size and (rows.min() < -1 or rows.max() >= num_gallery):
        raise ValueError(
            f"`rows` reach from {rows.min()} to {rows.max()}; the gallery has "
            f"{num_gallery} images."
        )
    return rows
