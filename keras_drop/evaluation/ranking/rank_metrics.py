"""What one query's ranks say: average precision and the like."""

from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from keras_drop.checks import checked_choice
from keras_drop.evaluation.protocol import AveragePrecision


def average_precision(
    ranks: ArrayLike, kind: AveragePrecision = "standard"
) -> float:
    """Average precision of a query.

    Args:
        ranks: `(n,)` ascending integers from 1, the ranks of its positives.
        kind: `"standard"`, the mean of the precision at each positive, or
            `"trapezoid"`, the mean of that and the precision just before it,
            which is never larger.

    Returns:
        Float in `(0, 1]`.

    Raises:
        ValueError: Another kind.

    Example:
    >>> from keras_drop.evaluation import average_precision
    >>> round(average_precision([2, 5]), 4)
    0.45
    >>> round(average_precision([2, 5], "trapezoid"), 4)
    0.2875

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.133)
    """
    checked_choice("kind", kind, get_args(AveragePrecision))
    ranks = np.asarray(ranks, "float64")
    number = np.arange(1, len(ranks) + 1)
    precision = number / ranks
    if kind == "trapezoid":
        before = np.where(
            ranks > 1, (number - 1) / np.maximum(ranks - 1, 1), 1.0
        )
        precision = 0.5 * (precision + before)
    return float(precision.mean())


def inverse_negative_penalty(ranks: ArrayLike) -> float:
    """Number of positives by the rank of the last one.

    Args:
        ranks: `(n,)` ascending integers from 1, the ranks of its positives.

    Returns:
        Float in `(0, 1]`.

    Example:
    >>> from keras_drop.evaluation import inverse_negative_penalty
    >>> inverse_negative_penalty([1, 3, 6])
    0.5

    Reference:
        [Ye et al., 2021](https://arxiv.org/abs/2001.04193)
    """
    ranks = np.asarray(ranks)
    return len(ranks) / float(ranks[-1])
