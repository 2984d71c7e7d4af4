from numpy.typing import ArrayLike

from keras_drop.evaluation.groups.markdown import markdown_table
from keras_drop.evaluation.groups.stratify import stratify
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult

_METRICS = ("rank-1", "rank-5", "rank-10", "mAP", "mINP")


def table(
    results: dict[str, RetrievalResult],
    groups: ArrayLike | dict[str, ArrayLike] | None = None,
) -> str:
    """Results as an aligned Markdown table, which reads well as plain text.

    Args:
        results: Dictionary from a name, such as the method, to its
            `RetrievalResult`.
        groups: As in `stratify`, such as `occlusion_levels(...)`: each result
            then gets one more row per group. Left out, it has one.

    Returns:
        String. Metrics are percentages; `queries` is the number of those that
        have a match.

    Raises:
        ValueError: No result, or not one label per query.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances, table
    >>> result = evaluate_distances([[0.1, 0.5]], Records(["a"], [1], [0]),
    ...     Records(["b", "c"], [1, 2], [1, 1]))
    >>> print(table({"DROP": result}))
    | method | rank-1 | rank-5 | rank-10 |   mAP |  mINP | queries |
    | :----- | -----: | -----: | ------: | ----: | ----: | ------: |
    | DROP   |  100.0 |  100.0 |   100.0 | 100.0 | 100.0 |       1 |
    """
    if not results:
        raise ValueError("A table needs at least one result; `results` is {}.")
    names = ("method",) if groups is None else ("method", "queries with")
    rows = [[*names, *_METRICS, "queries"]]
    for name, result in results.items():
        count = int(result.counted.sum())
        label = [] if groups is None else ["all"]
        rows.append([name, *label, *_cells(result.metrics, count)])
        if groups is not None:
            for label, metrics in stratify(result, groups).items():
                cells = _cells(metrics, metrics["num_counted"])
                rows.append([name, str(label), *cells])
    return markdown_table(rows, len(names))


def _cells(metrics, count):
    """Cells of a row; a dash where no query counts."""
    values = [100 * metrics.get(name, float("nan")) for name in _METRICS]
    return [*(f"{v:.1f}" if v == v else "-" for v in values), str(count)]
