import dataclasses

from keras_drop.checks import refuse_less_than_1, refuse_outside
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.verdicts.judge_pairs import judge_pairs
from keras_drop.evaluation.verdicts.pair_counts import count_pairs
from keras_drop.evaluation.verdicts.part_calibration import PartCalibration
from keras_drop.evaluation.verdicts.reliability import measure_reliability
from keras_drop.evaluation.verdicts.verdict_file import (
    read_verdict,
    write_verdict,
)


@dataclasses.dataclass(frozen=True)
class PairVerdict:
    """Says of two images: same person, different people, or not comparable.

    The same distance means less over a head than over a whole body. So the
    probability of the same person is a logistic function of the distance
    (Platt scaling) of its own for every set of parts that two images share.
    Sets that were too rare in the validation split use the function of all
    pairs with as many shared parts, and where these are too rare that of all
    pairs. Made by `fit_pair_verdict` or `load`.

    Args:
        names: Names of the embeddings.
        distance: `Distance` of the pairs.
        prior: Share of pairs of the same person that probabilities assume.
        min_pairs: How many pairs of either kind a function was fitted on, at
            least.
        calibration: The functions.
        thresholds: `VerdictThreshold` per false positive rate.

    Raises:
        ValueError: A prior that is not between 0 and 1.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import fit_pair_verdict
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(20), 5)
    >>> images = Descriptors(rng.normal(size=(20, 1, 8))[people]
    ...     + 0.3 * rng.normal(size=(100, 1, 8)))
    >>> records = Records([""] * 100, people, np.tile(np.arange(5), 20))
    >>> verdict = fit_pair_verdict(images, images, records, records)
    >>> verdict.predict(images[:1], images, [[1, 7]]).verdict.tolist()
    [['same', 'different']]

    Reference:
        Platt, 1999, as in
        [Lin et al., 2007](https://doi.org/10.1007/s10994-007-5018-6)
    """

    names: tuple
    distance: Distance
    prior: float
    min_pairs: int
    calibration: PartCalibration
    thresholds: tuple

    def __post_init__(self):
        refuse_outside(0, 1, prior=self.prior)
        refuse_less_than_1(min_pairs=self.min_pairs)

    def predict(self, query, gallery, rows, *, false_positive_rate=None):
        """Judges pairs of queries and gallery images.

        Args:
            query: `Descriptors` of the queries.
            gallery: `Descriptors` of the gallery.
            rows: `(num_query, k)` rows of the gallery, as `nearest` returns
                them; `-1` is nobody.
            false_positive_rate: One of the rates that were fitted, whose
                threshold says from where on a pair is the same. Left out, a
                probability of 0.5 says so.

        Returns:
            `Verdicts`.

        Raises:
            ValueError: Descriptors with other parts than the fitted ones, rows
                that are none of the gallery, or a rate that was not fitted.
        """
        self._check_names(query)
        return judge_pairs(
            query,
            gallery,
            rows,
            self.calibration,
            self._threshold(false_positive_rate),
            self.distance,
        )

    def reliability(
        self,
        query,
        gallery,
        query_records,
        gallery_records,
        *,
        num_bins=10,
        camera_mode="real",
    ):
        """How true the probabilities are on a split, best not the fitted one.

        Pairs count as if the prior were the share of the same person.

        Args:
            query: `Descriptors` of the queries.
            gallery: `Descriptors` of the gallery.
            query_records: `Records` of the queries.
            gallery_records: `Records` of the gallery.
            num_bins: Number of bins of equal width.
            camera_mode: As in `Protocol`: which pairs are junk.

        Returns:
            `Reliability`.

        Raises:
            ValueError: As `fit_pair_verdict`, and descriptors with other
                parts.
        """
        self._check_names(query)
        refuse_less_than_1(num_bins=num_bins)
        both = Comparison(query, gallery, query_records, gallery_records)
        counts = count_pairs(both, self.distance, camera_mode)
        return measure_reliability(
            counts,
            self.calibration.probabilities(counts),
            self.prior,
            num_bins,
        )

    def save(self, path):
        """Writes a small JSON file, whole or not at all; returns its path."""
        return write_verdict(path, self)

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: Something else wrote the file.
        """
        return cls(**read_verdict(path))

    def _threshold(self, false_positive_rate):
        if false_positive_rate is None:
            return 0.5
        for threshold in self.thresholds:
            if threshold.false_positive_rate == false_positive_rate:
                return threshold.probability
        rates = [f"{t.false_positive_rate:g}" for t in self.thresholds]
        raise ValueError(
            f"No threshold was found for a false positive rate of "
            f"{false_positive_rate}, only for {', '.join(rates) or 'none'}. "
            "Fit it."
        )

    def _check_names(self, query):
        if query.names != self.names:
            raise ValueError(
                f"The verdict was fitted on the embeddings "
                f"{', '.join(self.names)}; these descriptors have "
                f"{', '.join(query.names)}. Use the model it was fitted on."
            )
