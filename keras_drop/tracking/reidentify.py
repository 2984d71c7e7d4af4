"""Who new tracks are, all at once: an assignment that may leave some out."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.tracking.reidentification import Reidentification
from keras_drop.tracking.unknown_distances import unknown_distances


def reidentify(new, known, names, possible, distance, limit):
    """`Reidentification` of every new track.

    Pairs are joined so that what they fall short of the limit is most in sum;
    nobody is joined with two, and a pair beyond the limit never.

    Args:
        new: `Descriptors` of the new tracks.
        known: `Descriptors` of those that they may be.
        names: Tuple of the names of both.
        possible: `(num_new, num_known)` bool; a pair that is False is none,
            whatever it looks like.
        distance: `Distance`.
        limit: `Limit`.

    Returns:
        List of `Reidentification`, one for each new track.
    """
    distances = unknown_distances(new, known, distance)
    probabilities, costs, most = limit.judge(new, known, distances)
    comparable = possible & ~np.isnan(distances)
    allowed = comparable & (costs <= most)
    # A little more than the limit, also after rounding to float32: a pair
    # that is exactly there is joined.
    none = np.nextafter(most * (1 + 2**-22), np.inf)
    # Without a limit, whoever can be joined is.
    none = none if np.isfinite(none) else 1 + 2 * costs[allowed].sum()
    joined = dict(zip(*linear_sum_assignment(np.where(allowed, costs, none))))
    found = []
    for row, name in enumerate(names[0]):
        column, reason = joined.get(row), "same"
        is_known = column is not None and bool(allowed[row, column])
        if not is_known:
            column = None
            if comparable[row].any():
                column = int(
                    np.argmin(np.where(comparable[row], costs[row], np.inf))
                )
            reason = _why(possible[row], comparable[row], allowed[row])
        found.append(
            Reidentification(
                name,
                names[1][column] if is_known else None,
                None if column is None else names[1][column],
                *_figures(distances, probabilities, row, column),
                _shared(new, known, row, column),
                reason,
            )
        )
    return found


def _why(possible, comparable, allowed):
    if not possible.any():
        return "nobody there"
    if not comparable.any():
        return "not comparable"
    return "another fits better" if allowed.any() else "nobody I know"


def _figures(distances, probabilities, row, column):
    if column is None:
        return float("nan"), float("nan")
    return float(distances[row, column]), float(probabilities[row, column])


def _shared(new, known, row, column):
    if column is None:
        return ()
    seen = new.visibility[row] >= FAINTEST_VISIBILITY
    seen = seen & (known.visibility[column] >= FAINTEST_VISIBILITY)
    return tuple(name for name, both in zip(new.names, seen) if both)
