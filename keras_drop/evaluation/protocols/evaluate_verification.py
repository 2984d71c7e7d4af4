from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_pair,
    check_positive,
    check_rates,
)
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.protocols.verify_pairs import verify_pairs
from keras_drop.evaluation.ranking.matches import find_matches


def evaluate_verification(
    query,
    gallery,
    query_records,
    gallery_records,
    *,
    false_positive_rates=(1e-4, 1e-3, 1e-2, 1e-1),
    metric="euclidean",
    combine="visibility_mean",
    visibility_weight="sqrt",
    camera_mode="real",
    query_block=256,
    gallery_chunk=65_536,
):
    """How well one threshold tells pairs of the same person from others.

    All pairs of a query and a gallery image count, also those of queries
    without a match, except for junk: identity `-1` on either side, and images
    of the query's identity and camera. The distances are never held; the
    rates are exact all the same, and do not depend on the blocks. Pairs
    without a common part are farther than all others.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        false_positive_rates: Floats in `[0, 1]`, the shares of pairs of
            different people that may be taken for the same person. Rates
            below one in all such pairs allow none.
        metric: As in `evaluate_retrieval`, like all that follow.
        combine: How the parts become one distance.
        visibility_weight: Weight of a part with continuous visibility.
        camera_mode: Whether the cameras are real.
        query_block: Number of queries at a time.
        gallery_chunk: Number of gallery images at a time.

    Returns:
        `VerificationResult`.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            nothing to compare, an unknown option, a rate that is none, or no
            pair of the same person, or of different ones.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import evaluate_verification
    >>> people = Records(["a", "b"], [1, 2], [0, 0])
    >>> gallery = Records(["c", "d"], [1, 2], [1, 1])
    >>> result = evaluate_verification(
    ...     Descriptors([[1.0, 0.0], [0.0, 1.0]]),
    ...     Descriptors([[0.8, 0.6], [1.0, 0.1]]), people, gallery)
    >>> result.metrics["TPR@FPR=0.01"], result.metrics["EER"]
    (0.0, 0.5)

    Reference:
        [Fawcett, 2006](https://doi.org/10.1016/j.patrec.2005.10.010)
    """
    check_pair(query, gallery, query_records, gallery_records)
    check_choice("metric", metric)
    check_choice("combine", combine)
    check_choice("visibility_weight", visibility_weight)
    check_choice("camera_mode", camera_mode)
    check_rates("false_positive_rates", false_positive_rates)
    check_positive("query_block", query_block)
    check_positive("gallery_chunk", gallery_chunk)
    matches = find_matches(
        query_records, gallery_records, camera_mode, with_matchless=True
    )
    distances = PartDistances(
        query,
        gallery,
        matches.query_order,
        matches.gallery_order,
        metric,
        combine,
        visibility_weight,
    )
    return verify_pairs(
        distances, matches, false_positive_rates, query_block, gallery_chunk
    )
