import dataclasses


@dataclasses.dataclass(frozen=True)
class VerificationResult:
    """How well one threshold on the distance tells who is the same person.

    A pair is accepted as the same person if it is nearer than the threshold.
    The false positive rate is the share of pairs of different people that are
    accepted, the true positive rate that of pairs of the same person.

    Args:
        false_positive_rates: The rates that were asked for.
        true_positive_rates: For each of them, the largest true positive rate
            of a threshold whose false positive rate is not above it.
        thresholds: For each of them, the largest threshold that holds it,
            infinity where even all pairs may be accepted.
        equal_error_rate: The smallest rate that one threshold holds both the
            false positives and the false negatives to.
        num_positive_pairs: Number of pairs of the same person.
        num_negative_pairs: Number of pairs of different people.
        num_not_comparable_pairs: How many of both have no part in common;
            these are farther than all others.

    Example:
    >>> from keras_drop.evaluation import VerificationResult
    >>> result = VerificationResult((0.01,), (0.7,), (0.9,), 0.05, 10, 990, 0)
    >>> result.metrics
    {'TPR@FPR=0.01': 0.7, 'EER': 0.05}
    """

    false_positive_rates: tuple
    true_positive_rates: tuple
    thresholds: tuple
    equal_error_rate: float
    num_positive_pairs: int
    num_negative_pairs: int
    num_not_comparable_pairs: int

    @property
    def metrics(self) -> dict[str, float]:
        """True positive rates by name, such as `"TPR@FPR=0.01"`; `"EER"`."""
        pairs = zip(self.false_positive_rates, self.true_positive_rates)
        return {
            **{f"TPR@FPR={rate:g}": found for rate, found in pairs},
            "EER": self.equal_error_rate,
        }
