"""How sure a metric is: the bootstrap over queries."""

import dataclasses

import numpy as np

from keras_drop.checks import refuse_no_count, refuse_no_whole
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult

# Times a query was drawn, held at once: 16 MB, whatever is resampled.
_CELLS = 2_000_000


@dataclasses.dataclass(frozen=True)
class Bootstrap:
    """How often queries are drawn again, and how sure an interval is.

    Args:
        confidence: Share of the draws within an interval, in `(0, 1)`.
        num_resamples: Number of draws.
        seed: Whole number from 0 that the draws follow from.

    Raises:
        ValueError: `confidence` is no share, no draw is asked for, or numbers
            that are not whole.

    Example:
    >>> from keras_drop.evaluation import Bootstrap
    >>> Bootstrap(confidence=0.99).num_resamples
    1000
    """

    confidence: float = 0.95
    num_resamples: int = 1000
    seed: int = 1

    def __post_init__(self):
        if not 0 < self.confidence < 1:
            raise ValueError(
                "`confidence` is a share between 0 and 1, as 0.95; it is "
                f"{self.confidence}."
            )
        refuse_no_count(num_resamples=self.num_resamples)
        refuse_no_whole(seed=self.seed)
        for name in ("num_resamples", "seed"):
            # NumPy's own can not be written as JSON.
            object.__setattr__(self, name, int(getattr(self, name)))


def metric_intervals(
    result: RetrievalResult, *, bootstrap: Bootstrap = Bootstrap()
) -> dict[str, tuple[float, float]]:
    """Percentile intervals of the metrics, by drawing queries again.

    Counted queries are drawn with replacement, as many as there are, and the
    metrics computed anew; the interval leaves out equal shares of the draws
    below and above. It tells what other queries would have changed, not
    another training, and takes queries as independent of each other.

    Args:
        result: `RetrievalResult`.
        bootstrap: `Bootstrap`: how queries are drawn.

    Returns:
        Dictionary from the name of each metric to its `(low, high)`.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances, metric_intervals
    >>> result = evaluate_distances([[0.1, 0.5], [0.1, 0.5]],
    ...     Records(["a", "b"], [1, 2], [0, 0]),
    ...     Records(["c", "d"], [1, 2], [1, 1]))
    >>> result.metrics["mAP"], metric_intervals(result)["mAP"]
    (0.75, (0.5, 1.0))

    Reference:
        [Efron, 1979](https://doi.org/10.1214/aos/1176344552)
    """
    values = result.query_values
    rows = np.stack(list(values.values()), axis=1)[result.counted]
    lows, highs = _interval(rows, bootstrap)
    return {
        name: (float(low), float(high))
        for name, low, high in zip(values, lows, highs)
    }


def paired_differences(
    result: RetrievalResult,
    other: RetrievalResult,
    *,
    bootstrap: Bootstrap = Bootstrap(),
) -> dict[str, tuple[float, float, float]]:
    """By how much the metrics of one result exceed those of another.

    Both results are of the same queries against the same gallery. Each draw
    takes the same queries for both, so that what is hard for both cancels.

    Args:
        result: `RetrievalResult`.
        other: `RetrievalResult` that is subtracted from it.
        bootstrap: `Bootstrap`: how queries are drawn.

    Returns:
        Dictionary from the name of each metric to the tuple of difference,
        low and high end of its interval. An interval without 0 tells that
        these queries are enough to tell the two apart.

    Raises:
        ValueError: Results of other queries.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances, paired_differences
    >>> query = Records(["a", "b"], [1, 2], [0, 0])
    >>> gallery = Records(["c", "d"], [1, 2], [1, 1])
    >>> good = evaluate_distances([[0.1, 0.5], [0.5, 0.1]], query, gallery)
    >>> bad = evaluate_distances([[0.1, 0.5], [0.1, 0.5]], query, gallery)
    >>> paired_differences(good, bad)["mAP"]
    (0.25, 0.0, 0.5)
    """
    if not np.array_equal(result.counted, other.counted):
        raise ValueError(
            f"The results are of different queries: {_queries(result)} and "
            f"{_queries(other)}. Compare results of the same records."
        )
    ours, theirs = result.query_values, other.query_values
    rows = np.stack([ours[name] - theirs[name] for name in ours], axis=1)
    rows = rows[result.counted]
    lows, highs = _interval(rows, bootstrap)
    return {
        name: (float(mean), float(low), float(high))
        for name, mean, low, high in zip(ours, rows.mean(axis=0), lows, highs)
    }


def _interval(rows, bootstrap):
    means = _resampled_means(rows, bootstrap.num_resamples, bootstrap.seed)
    tail = (1 - bootstrap.confidence) / 2
    return np.quantile(means, [tail, 1 - tail], axis=0)


def _resampled_means(rows, num_resamples, seed):
    """`(num_resamples, m)` means of `(n, m)` rows drawn with replacement."""
    count = len(rows)
    rng = np.random.default_rng(seed)
    means = np.empty((num_resamples, rows.shape[1]))
    step = max(1, _CELLS // count)
    for start in range(0, num_resamples, step):
        size = min(step, num_resamples - start)
        drawn = rng.integers(count, size=(size, count))
        drawn += count * np.arange(size)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * count)
        # Not a matrix product: its last digits depend on the threads.
        means[start : start + size] = np.einsum(
            "rn,nm->rm", times.reshape(size, count).astype("float64"), rows
        )
    return means / count


def _queries(result):
    return f"{result.counted.sum()} counted of {len(result.counted)}"
