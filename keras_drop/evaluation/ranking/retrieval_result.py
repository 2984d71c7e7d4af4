import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class RetrievalResult:
    """How well queries found their matches, as a whole and one by one.

    A query without a match in the gallery is skipped: it is false in
    `counted`, and neither it nor its row enters any metric.

    Args:
        hits: `(num_queries, max_rank)` floats, whether a match is among the
            first `k` gallery images, for `k` from 1; with single gallery
            shots, the share of draws in which it is. NaN where skipped.
        average_precision: `(num_queries,)`, NaN where skipped.
        first_rank: `(num_queries,)` integers, rank of the first match in the
            full gallery, 0 where skipped.
        inverse_negative_penalty: `(num_queries,)` number of matches by the
            rank of the last one, NaN where skipped.
        counted: `(num_queries,)` bool.
        num_not_comparable_pairs: Pairs of a counted query and a ranked
            gallery image that have no part in common.
        num_not_comparable_queries: Counted queries that have no part in
            common with any ranked gallery image.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances
    >>> records = Records(["a", "b"], [1, 2], [0, 0])
    >>> gallery = Records(["c", "d", "e"], [1, 2, 3], [1, 1, 1])
    >>> result = evaluate_distances(
    ...     [[0.1, 0.5, 0.9], [0.2, 0.3, 0.9]], records, gallery)
    >>> result.metrics["rank-1"], result.metrics["mAP"]
    (0.5, 0.75)
    """

    hits: np.ndarray
    average_precision: np.ndarray
    first_rank: np.ndarray
    inverse_negative_penalty: np.ndarray
    counted: np.ndarray
    num_not_comparable_pairs: int
    num_not_comparable_queries: int

    @property
    def num_skipped(self) -> int:
        """Number of queries without a match in the gallery."""
        return int(np.count_nonzero(~self.counted))

    @property
    def cmc(self) -> np.ndarray:
        """`(max_rank,)` mean of `hits` over the counted queries."""
        return self.hits[self.counted].mean(axis=0)

    @property
    def query_values(self) -> dict[str, np.ndarray]:
        """What every query adds to each metric, which is their mean.

        Dictionary from the name of each metric to `(num_queries,)` floats,
        NaN where a query is skipped. Ranks beyond `max_rank` are left out.
        """
        ranks = [k for k in (1, 5, 10) if k <= self.hits.shape[1]]
        return {
            **{f"rank-{k}": self.hits[:, k - 1] for k in ranks},
            "mAP": self.average_precision,
            "mINP": self.inverse_negative_penalty,
        }

    @property
    def metrics(self) -> dict[str, float]:
        """`"rank-1"`, `"rank-5"`, `"rank-10"`, `"mAP"` and `"mINP"`.

        A rank beyond `max_rank` is left out.
        """
        return self.metrics_of(self.counted)

    def metrics_of(self, rows: np.ndarray) -> dict[str, float]:
        """`metrics` of some of the queries.

        Args:
            rows: `(num_queries,)` bool; of these, the counted ones enter.

        Returns:
            Dictionary of floats, NaN without a counted query.
        """
        rows = rows & self.counted
        return {
            name: float(values[rows].mean()) if rows.any() else float("nan")
            for name, values in self.query_values.items()
        }
