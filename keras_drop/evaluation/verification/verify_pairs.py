from fractions import Fraction

import numpy as np

from keras_drop.evaluation.distances.streaming import (
    blocks_of_queries,
    stream_distances,
)
from keras_drop.evaluation.ranking.positives import find_positives
from keras_drop.evaluation.verification.radix_search import (
    first_keys,
    key_value,
    sort_keys,
)
from keras_drop.evaluation.verification.verification_result import (
    VerificationResult,
)


def verify_pairs(distances, matches, false_positive_rates):
    """`VerificationResult` of distances in the order of their `Matches`.

    The distances of the positives, which are few, are kept. Those of the
    negatives are computed once for every 16 bits that a distance has, and
    counted.
    """
    positives = _positives(distances, matches)
    num_positive = len(positives)
    num_negative = len(matches.query_order) * len(matches.gallery_order)
    num_negative -= int((matches.ends - matches.starts).sum())
    if not num_negative:
        raise ValueError(
            "All gallery images show the person of every query; there is no "
            "pair of different people. Verification needs both."
        )
    not_comparable, no_common = [], distances.no_common_distance
    if no_common is None:
        no_common = np.nan  # Nothing is as far as that.

    def negatives(visit):
        def count_and_visit(values):
            not_comparable.append(np.count_nonzero(values >= no_common))
            visit(values.astype(positives.dtype, copy=False))

        not_comparable.clear()
        _negatives(distances, matches, count_and_visit)

    # Rates as they are written: in floats, 0.29 of 100 is less than 29.
    allowed = [
        int(Fraction(repr(float(rate))) * num_negative)
        for rate in false_positive_rates
    ]
    limits, crossing, num_accepted = _search(
        negatives, positives, num_negative, allowed
    )
    num_nearer = [
        num_positive if k == num_negative else np.searchsorted(positives, limit)
        for k, limit in zip(allowed, limits)
    ]
    num_rejected = num_positive - np.searchsorted(positives, crossing)
    not_comparable.append(np.count_nonzero(positives >= no_common))
    return VerificationResult(
        false_positive_rates=tuple(false_positive_rates),
        true_positive_rates=tuple(float(n / num_positive) for n in num_nearer),
        thresholds=tuple(map(float, limits)),
        equal_error_rate=float(
            min(num_accepted / num_negative, num_rejected / num_positive)
        ),
        num_positive_pairs=num_positive,
        num_negative_pairs=num_negative,
        num_not_comparable_pairs=int(sum(not_comparable)),
    )


def _search(negatives, positives, num_negative, allowed):
    """Thresholds of allowed counts; where the errors cross, and a count.

    Of the negatives, the one after the allowed ones limits the threshold; all
    may be accepted below infinity. The errors cross at the first distance up
    to which the share of negatives is not below that of positives beyond it;
    the count is that of the negatives up to there.
    """
    keys = sort_keys(positives)

    def crossed(key, num_accepted):
        num_rejected = len(keys) - np.searchsorted(keys, key, "right")
        return num_accepted * len(keys) >= num_rejected * num_negative

    exceeded = [
        lambda _, num_accepted, k=k: num_accepted > k
        for k in allowed
        if k < num_negative
    ]
    found, not_above = first_keys(
        negatives, [crossed, *exceeded], positives.dtype
    )
    crossing, *found = (key_value(key, positives.dtype) for key in found)
    found = iter(found)
    limits = [next(found) if k < num_negative else np.inf for k in allowed]
    return limits, crossing, not_above[0]


def _positives(distances, matches):
    """All distances of positives, ascending."""
    found = []
    for rows in blocks_of_queries(len(matches.query_order)):
        found += [q.values for q in find_positives(distances, matches, rows)]
    values = np.concatenate(found)
    return np.sort(values.astype(np.result_type(values, "float32")))


def _negatives(distances, matches, visit):
    """Calls `visit` with all distances of negatives, a block at a time."""

    def start(rows):
        starts, ends = matches.starts[rows], matches.ends[rows]

        def add(block, first):
            parts = [
                part
                for values, before, after in zip(
                    block,
                    np.maximum(starts - first, 0),
                    np.maximum(ends - first, 0),
                )
                for part in (values[:before], values[after:])
            ]
            visit(np.concatenate(parts))

        return add

    stream_distances(distances, start)
