import numpy as np
from numpy.typing import ArrayLike

from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult


def stratify(
    result: RetrievalResult,
    groups: ArrayLike | dict[str, ArrayLike],
    num_not_comparable: ArrayLike | None = None,
) -> dict:
    """The metrics of groups of queries: where a model fails.

    Args:
        result: `RetrievalResult`, such as that of a result card.
        groups: `(num_queries,)` labels, such as `occlusion_levels(...)`, or a
            dictionary from labels to `(num_queries,)` bool, such as
            `missing_parts(...)`, whose groups may overlap.
        num_not_comparable: `(num_queries,)` integers of `not_comparable`. If
            given, their sum over each group is told too.

    Returns:
        Dictionary from each label, labels in ascending order, to the metrics
        of its queries, with `"num_queries"`, `"num_counted"` and, if asked
        for, `"num_not_comparable_pairs"` of the counted ones. Metrics of a
        group without a counted query are NaN.

    Raises:
        ValueError: Not one label, bool or number per query.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances, stratify
    >>> result = evaluate_distances([[0.1, 0.5], [0.1, 0.5]],
    ...     Records(["a", "b"], [1, 2], [0, 0]),
    ...     Records(["c", "d"], [1, 2], [1, 1]))
    >>> groups = {"no head": [True, True], "no feet": [False, True]}
    >>> [group["mAP"] for group in stratify(result, groups).values()]
    [0.75, 0.5]
    """
    masks = _as_masks(groups, len(result.counted))
    if num_not_comparable is not None:
        num_not_comparable = np.asarray(num_not_comparable)
        _check("num_not_comparable", num_not_comparable, len(result.counted))
    strata = {}
    for label, rows in masks.items():
        counted = rows & result.counted
        strata[label] = {
            **result.metrics_of(rows),
            "num_queries": int(rows.sum()),
            "num_counted": int(counted.sum()),
        }
        if num_not_comparable is not None:
            pairs = num_not_comparable[counted].sum()
            strata[label]["num_not_comparable_pairs"] = int(pairs)
    return strata


def _as_masks(groups, num_queries):
    if not isinstance(groups, dict):
        labels = np.asarray(groups)
        _check("groups", labels, num_queries)
        return {label.item(): labels == label for label in np.unique(labels)}
    masks = {label: np.asarray(rows) for label, rows in groups.items()}
    for label, rows in masks.items():
        _check(f"groups[{label!r}]", rows, num_queries)
        if rows.dtype != bool:
            raise ValueError(
                f"`groups[{label!r}]` tells of each query whether it is in "
                f"the group, as bool; it is {rows.dtype}."
            )
    return masks


def _check(name, values, num_queries):
    if values.shape != (num_queries,):
        raise ValueError(
            f"The {num_queries} queries need one value each; `{name}` has "
            f"the shape {values.shape}."
        )
