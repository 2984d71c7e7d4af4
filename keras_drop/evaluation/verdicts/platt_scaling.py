import dataclasses
import math

import numpy as np

from keras_drop.checks import refuse_negative, refuse_outside

_STEPS = 100


@dataclasses.dataclass(frozen=True)
class PlattScaling:
    """Probability of the same person as a logistic function of a distance.

    Args:
        slope: Change of the log odds per unit of distance, 0 or less.
        intercept: Log odds at distance 0.
        num_same: Number of pairs of the same person that it was fitted on.
        num_different: Number of pairs of different people.

    Raises:
        ValueError: A number that is none of these.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling
    >>> scaling = PlattScaling(-8.0, 4.0, 90, 900)
    >>> scaling.probability(np.array([0.5, 1.0])).round(3).tolist()
    [0.5, 0.018]

    Reference:
        Platt, 1999, by Newton's method as
        [Lin et al., 2007](https://doi.org/10.1007/s10994-007-5018-6)
    """

    slope: float
    intercept: float
    num_same: int
    num_different: int

    def __post_init__(self):
        refuse_outside(-math.inf, 0, slope=self.slope)
        refuse_outside(-math.inf, math.inf, intercept=self.intercept)
        refuse_negative(
            num_same=self.num_same, num_different=self.num_different
        )

    def probability(self, distances):
        """Probabilities of distances, an array of the same shape."""
        return logistic(self.slope * distances + self.intercept)

    @classmethod
    def fit(cls, distances, same, different, weights=(1.0, 1.0)):
        """The scaling of the smallest cross-entropy.

        Labels are not 1 and 0 but, as Platt has it, a little less sure the
        fewer pairs there are, so that distances which separate the two
        perfectly give a finite slope. Where the best slope would be above 0,
        distances say nothing, and it is 0.

        Args:
            distances: `(n,)` ascending floats.
            same: `(n,)` number of pairs of the same person at each of them.
            different: `(n,)` number of pairs of different people.
            weights: What a pair of the same person and one of different
                people counts.
        """
        num_same, num_different = int(same.sum()), int(different.sum())
        positive, negative = weights[0] * same, weights[1] * different
        weight = positive + negative
        kept = weight > 0
        distances, weight = distances[kept], weight[kept] / weight.sum()
        target = (
            positive[kept] * (num_same + 1) / (num_same + 2)
            + negative[kept] / (num_different + 2)
        ) / (positive + negative)[kept]
        centre = weight @ distances
        spread = np.sqrt(weight @ (distances - centre) ** 2)
        slope = 0.0
        if spread > 1e-9:
            slope, intercept = _minimise(
                (distances - centre) / spread, weight, target
            )
            slope /= spread
            intercept -= slope * centre
        if slope >= 0:
            share = weight @ target
            slope, intercept = 0.0, np.log(share / (1 - share))
        return cls(float(slope), float(intercept), num_same, num_different)


def logistic(log_odds):
    """`1 / (1 + exp(-x))` without overflow."""
    return np.exp(-np.logaddexp(0.0, -log_odds))


def _minimise(x, weight, target):
    """Slope and intercept by Newton's method, halving steps too long."""
    columns = np.stack([x, np.ones_like(x)], axis=1)
    share = weight @ target
    parameters = np.array([0.0, np.log(share / (1 - share))])

    def loss(parameters):
        log_odds = columns @ parameters
        return weight @ (np.logaddexp(0.0, log_odds) - target * log_odds)

    best = loss(parameters)
    for _ in range(_STEPS):
        probability = logistic(columns @ parameters)
        gradient = columns.T @ (weight * (probability - target))
        curvature = weight * probability * (1 - probability)
        hessian = columns.T @ (curvature[:, None] * columns)
        step = np.linalg.solve(hessian + 1e-12 * np.eye(2), gradient)
        length = 1.0
        while length > 1e-10 and not loss(parameters - length * step) < best:
            length /= 2
        if length <= 1e-10:
            break
        parameters = parameters - length * step
        best = loss(parameters)
    return parameters
