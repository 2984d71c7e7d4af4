import dataclasses

import numpy as np

from keras_drop.checks import refuse_negative
from keras_drop.evaluation.verdicts.pair_verdict import PairVerdict


@dataclasses.dataclass(frozen=True)
class Limit:
    """From where on two tracks are not the same person.

    Exactly one of the two is given. A probability is the better measure where
    parts are hidden: the same distance means less over a head than over a
    whole body.

    Args:
        max_distance: Largest distance of the same person.
        verdict: `PairVerdict`, fitted on a validation split.
        false_positive_rate: As of `PairVerdict.predict`.

    Raises:
        ValueError: Neither of the two, both, or a rate without a verdict.

    Example:
    >>> from keras_drop.tracking import Limit
    >>> Limit(0.9).max_distance
    0.9
    """

    max_distance: float | None = None
    verdict: PairVerdict | None = None
    false_positive_rate: float | None = None

    def __post_init__(self):
        if (self.max_distance is None) == (self.verdict is None):
            raise ValueError(
                "Who is nobody you know is said by `max_distance` or by a "
                "`verdict`: give one of the two."
            )
        if self.max_distance is not None:
            refuse_negative(max_distance=self.max_distance)
            if self.false_positive_rate is not None:
                raise ValueError(
                    "A `false_positive_rate` is one of a `verdict`; with "
                    "`max_distance` leave it out."
                )

    def judge(self, new, known, distances):
        """Probabilities, costs of pairs, and the largest cost of a pair.

        Args:
            new: `Descriptors` of the rows.
            known: `Descriptors` of the columns.
            distances: Their distances, NaN where unknown.

        Returns:
            Two arrays of the shape of `distances`, and a float. A pair whose
            cost is larger is none.
        """
        probabilities = np.full(distances.shape, np.nan)
        if self.verdict is None:
            costs = np.where(np.isnan(distances), np.inf, distances)
            return probabilities, costs, float(self.max_distance)
        if not distances.size:
            return probabilities, probabilities, 1.0
        columns = np.tile(np.arange(len(known)), (len(new), 1))
        verdicts = self.verdict.predict(
            new, known, columns, false_positive_rate=self.false_positive_rate
        )
        probabilities = verdicts.probability
        beyond = np.where(verdicts.verdict == "same", 0.0, 2.0)
        return probabilities, beyond + 1 - probabilities, 1.0
