import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Reliability:
    """How often pairs are the same person that are said to be so likely.

    Pairs are sorted by their probability into bins of equal width. Where a
    bin's mean probability equals its share of pairs of the same person, the
    probabilities are true.

    Args:
        edges: `(num_bins + 1,)` borders of the bins.
        num_pairs: `(num_bins,)` number of pairs in each bin.
        weight: `(num_bins,)` share of all pairs in each bin, counted as if
            pairs of the same person were as frequent as the prior says.
        probability: `(num_bins,)` mean probability, NaN where empty.
        same: `(num_bins,)` share of pairs of the same person, counted
            likewise, NaN where empty.
        prior: Share of pairs of the same person among all.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import Reliability
    >>> reliability = Reliability(np.array([0.0, 0.5, 1.0]), np.array([8, 2]),
    ...     np.array([0.8, 0.2]), np.array([0.1, 0.9]), np.array([0.2, 0.8]),
    ...     0.32)
    >>> round(reliability.expected_calibration_error, 3)
    0.1

    Reference:
        [Naeini et al., 2015](https://doi.org/10.1609/aaai.v29i1.9602)
    """

    edges: np.ndarray
    num_pairs: np.ndarray
    weight: np.ndarray
    probability: np.ndarray
    same: np.ndarray
    prior: float

    @property
    def expected_calibration_error(self):
        """Mean over pairs of how far their bin is from the truth."""
        filled = self.weight > 0
        gap = np.abs(self.probability - self.same)
        return float(self.weight[filled] @ gap[filled])


def measure_reliability(counts, probabilities, prior, num_bins):
    """`Reliability` of the probabilities of `PairCounts`, of its shape."""
    bins = np.minimum((probabilities * num_bins).astype(int), num_bins - 1)
    weights = counts.weights(prior)

    def binned(values):
        return np.bincount(bins.ravel(), values.ravel(), num_bins)

    same = binned(weights[0] * counts.same)
    weight = same + binned(weights[1] * counts.different)
    total = binned(
        probabilities
        * (weights[0] * counts.same + weights[1] * counts.different)
    )
    pairs = np.where(weight > 0, weight, np.nan)
    return Reliability(
        np.linspace(0, 1, num_bins + 1),
        binned(counts.same + counts.different).astype("int64"),
        weight / weight.sum(),
        total / pairs,
        same / pairs,
        prior,
    )
