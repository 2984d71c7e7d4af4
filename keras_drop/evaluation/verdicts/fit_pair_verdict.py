import dataclasses
from collections.abc import Sequence

from keras_drop.checks import refuse_less_than_1
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.protocol import CameraMode
from keras_drop.evaluation.verdicts.pair_counts import count_pairs
from keras_drop.evaluation.verdicts.pair_verdict import PairVerdict
from keras_drop.evaluation.verdicts.part_calibration import fit_calibration
from keras_drop.evaluation.verdicts.verdict_thresholds import find_thresholds
from keras_drop.evaluation.verification.evaluate_verification import (
    check_rates,
)
from keras_drop.records import Records


def fit_pair_verdict(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    prior: float | None = 0.5,
    min_pairs: int = 50,
    false_positive_rates: Sequence[float] = (1e-1, 1e-2, 1e-3),
    distance: Distance = Distance(),
    camera_mode: CameraMode = "real",
) -> PairVerdict:
    """`PairVerdict` learned from all pairs of a validation split but junk.

    People of the validation split must not be those of the training
    split: known people are nearer to themselves than new ones. Distances
    are read in 4,096 steps, in memory that does not grow with the pairs.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        prior: How likely the same person is before looking. All pairs
            count as if this were their share; with 0.5 the odds are the
            likelihood ratio of what is seen. `None` takes the share that
            the split has, which says as much about its size as about
            people.
        min_pairs: How many comparable pairs of the same person, and as
            many of different people, a function of its own needs.
        false_positive_rates: Floats in `[0, 1]`, for which thresholds
            are found. Pairs that are not comparable count as rejected, as
            in `evaluate_verification`.
        distance: `Distance` of the pairs, over the parts that both show:
            `combine` is `"visibility_mean"`.
        camera_mode: As in `Protocol`: which pairs are junk.

    Returns:
        `PairVerdict`.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            an unknown option, too few pairs, or numbers out of range.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import fit_pair_verdict
    >>> people = np.repeat(np.arange(20), 5)
    >>> rng = np.random.default_rng(0)
    >>> images = Descriptors(rng.normal(size=(20, 1, 8))[people]
    ...     + 0.3 * rng.normal(size=(100, 1, 8)))
    >>> records = Records([""] * 100, people, np.tile(np.arange(5), 20))
    >>> verdict = fit_pair_verdict(images, images, records, records)
    >>> verdict.prior, verdict.calibration.overall.num_same
    (0.5, 400)

    Reference:
        Platt, 1999, as in
        [Lin et al., 2007](https://doi.org/10.1007/s10994-007-5018-6)
    """
    # Pairs without a common part are counted, whatever their distance.
    distance = dataclasses.replace(distance, no_common="sentinel")
    if prior is not None and not 0 < prior < 1:
        raise ValueError(
            f"`prior` is a share between 0 and 1, or `None`; it is {prior}."
        )
    refuse_less_than_1(min_pairs=min_pairs)
    check_rates(false_positive_rates)
    both = Comparison(query, gallery, query_records, gallery_records)
    counts = count_pairs(both, distance, camera_mode)
    if prior is None:
        num_same = counts.same.sum()
        prior = float(num_same / (num_same + counts.different.sum()))
    calibration = fit_calibration(counts, prior, min_pairs)
    return PairVerdict(
        query.names,
        distance,
        prior,
        min_pairs,
        calibration,
        find_thresholds(
            counts,
            calibration.probabilities(counts),
            false_positive_rates,
        ),
    )
