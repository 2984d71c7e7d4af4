"""How far apart people are for the part-aware compactness losses."""

from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.ops.distance import average_part_distances

COMBINATIONS = ("mean", "asymmetric")
"""How part distances become one: the choices of `combine`."""


def compactness_distances(distances, weights=None, combine="mean"):
    """Distances by which positives and by which negatives are judged.

    Args:
        distances: `(n, m, parts)` distances of the parts.
        weights: `(n, m, parts)` weights of the parts, or nothing: all equal.
        combine: `"mean"`: the weighted mean over the parts, for both.
            `"asymmetric"`: positives by the farthest part with a weight,
            negatives by the mean.

    Returns:
        `(n, m)` distances of positives, `(n, m)` distances of negatives and
        `(n, m)` bool: which pairs have a part with a weight.

    Raises:
        ValueError: An unknown `combine`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import compactness_distances
    >>> distances = ops.array([[[5.0, 1.0]]])
    >>> positive, negative, _ = compactness_distances(
    ...     distances, combine="asymmetric"
    ... )
    >>> float(positive[0, 0]), float(negative[0, 0])
    (5.0, 3.0)
    """
    checked_choice("combine", combine, COMBINATIONS)
    if weights is None:
        weights = ops.ones_like(distances)
    mean, comparable = average_part_distances(distances, weights)
    if combine == "mean":
        return mean, mean, comparable
    farthest = ops.max(ops.where(weights > 0, distances, 0.0), axis=-1)
    return farthest, mean, comparable
