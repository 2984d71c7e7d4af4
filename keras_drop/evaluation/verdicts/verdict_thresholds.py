"""From which probability two images are said to show the same person."""

import dataclasses
from fractions import Fraction

import numpy as np

from keras_drop.checks import refuse_outside


@dataclasses.dataclass(frozen=True)
class VerdictThreshold:
    """A threshold on the probability, and what it costs.

    Args:
        false_positive_rate: Share of pairs of different people that may be
            called the same.
        probability: Smallest probability that is called the same.
        true_positive_rate: Share of pairs of the same person that are.

    Raises:
        ValueError: Anything but shares and probabilities.
    """

    false_positive_rate: float
    probability: float
    true_positive_rate: float

    def __post_init__(self):
        refuse_outside(
            0,
            1,
            false_positive_rate=self.false_positive_rate,
            true_positive_rate=self.true_positive_rate,
        )
        # Just above 1 is reached by no pair.
        refuse_outside(0, np.nextafter(1, 2), probability=self.probability)


def find_thresholds(counts, probabilities, false_positive_rates):
    """A `VerdictThreshold` per rate, as low as the rate allows.

    Pairs without a common part are never called the same; they count in both
    rates.
    """
    values, number = np.unique(probabilities, return_inverse=True)
    same, different = (
        np.bincount(number.ravel(), pairs.ravel(), len(values))[::-1].cumsum()
        for pairs in (counts.same, counts.different)
    )
    filled = np.diff(same + different, prepend=0) > 0
    values = values[::-1][filled]
    same, different = same[filled], different[filled]
    totals = (
        int(same[-1]) + counts.num_not_comparable[0],
        int(different[-1]) + counts.num_not_comparable[1],
    )
    thresholds = []
    for rate in false_positive_rates:
        # As it is written: in floats, 0.29 of 100 is less than 29.
        allowed = Fraction(repr(float(rate))) * totals[1]
        place = int(np.searchsorted(different, int(allowed), "right")) - 1
        if place < 0:
            threshold = float(np.nextafter(values[0], 2)), 0.0
        else:
            threshold = float(values[place]), float(same[place] / totals[0])
        thresholds.append(VerdictThreshold(float(rate), *threshold))
    return tuple(thresholds)
