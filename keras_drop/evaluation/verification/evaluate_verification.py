from collections.abc import Sequence

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.protocol import CameraMode, check_camera_mode
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.verification.verification_result import (
    VerificationResult,
)
from keras_drop.evaluation.verification.verify_pairs import verify_pairs
from keras_drop.records import Records


def evaluate_verification(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    false_positive_rates: Sequence[float] = (1e-4, 1e-3, 1e-2, 1e-1),
    distance: Distance = Distance(),
    camera_mode: CameraMode = "real",
) -> VerificationResult:
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
        distance: `Distance`.
        camera_mode: As in `Protocol`: which pairs are junk.

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
    Comparison(query, gallery, query_records, gallery_records)
    check_camera_mode(camera_mode)
    check_rates(false_positive_rates)
    matches = find_matches(
        query_records, gallery_records, camera_mode, with_matchless=True
    )
    distances = PartDistances(
        query,
        gallery,
        matches.query_order,
        matches.gallery_order,
        distance,
    )
    return verify_pairs(distances, matches, false_positive_rates)


def check_rates(rates):
    """Refuses false positive rates that are no share of something."""
    if np.ndim(rates) != 1:
        raise ValueError(
            "`false_positive_rates` are several, such as (0.01, 0.1); it is "
            f"{rates!r}."
        )
    wrong = [rate for rate in rates if not 0 <= rate <= 1]
    if wrong:
        raise ValueError(
            f"`false_positive_rates` are in [0, 1]; one is {wrong[0]!r}."
        )
