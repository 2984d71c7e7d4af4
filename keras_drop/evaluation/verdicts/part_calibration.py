import dataclasses

import numpy as np

from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling


@dataclasses.dataclass(frozen=True)
class PartCalibration:
    """Which `PlattScaling` serves pairs that share certain parts.

    Args:
        by_parts: Dictionary from a set of parts, a tuple of bools, to its
            scaling; of the sets with enough pairs.
        by_count: Dictionary from a number of shared parts, for the other
            sets; of the numbers with enough pairs.
        overall: For all others.
    """

    by_parts: dict
    by_count: dict
    overall: PlattScaling

    def scaling(self, shared):
        """The scaling of a set of parts, and `"parts"`, `"count"`, `"all"`."""
        shared = tuple(map(bool, shared))
        if shared in self.by_parts:
            return self.by_parts[shared], "parts"
        if sum(shared) in self.by_count:
            return self.by_count[sum(shared)], "count"
        return self.overall, "all"

    def probabilities(self, counts):
        """`(num_sets, num_bins)` probabilities of `PairCounts`."""
        return np.stack(
            [
                self.scaling(shared)[0].probability(counts.distances)
                for shared in counts.sets
            ]
        )


def fit_calibration(counts, prior, min_pairs):
    """`PartCalibration` of `PairCounts`.

    Raises:
        ValueError: Fewer than `min_pairs` pairs of either kind.
    """
    totals = int(counts.same.sum()), int(counts.different.sum())
    if min(totals) < min_pairs:
        raise ValueError(
            f"There are {totals[0]} comparable pairs of the same person and "
            f"{totals[1]} of different people; `min_pairs` asks for "
            f"{min_pairs} of each. Use a larger validation split, or lower it."
        )
    weights = counts.weights(prior)

    def fit(rows):
        return PlattScaling.fit(
            counts.distances,
            counts.same[rows].sum(axis=0),
            counts.different[rows].sum(axis=0),
            weights,
        )

    def enough(rows):
        return (
            min(counts.same[rows].sum(), counts.different[rows].sum())
            >= min_pairs
        )

    num_parts = counts.sets.sum(axis=1)
    return PartCalibration(
        {
            tuple(map(bool, shared)): fit([row])
            for row, shared in enumerate(counts.sets)
            if enough([row])
        },
        {
            int(number): fit(num_parts == number)
            for number in np.unique(num_parts)
            if enough(num_parts == number)
        },
        fit(slice(None)),
    )
