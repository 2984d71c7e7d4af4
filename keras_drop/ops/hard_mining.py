"""Hardest positive, hardest negative and what a triplet of them costs."""

from keras import ops

_FAR = 1e9


def hardest_positive(distances, mask):
    """Largest distance of every row that the mask allows, 0 if it allows none.

    A batch compared with itself needs no special care: the anchor has the
    distance 0 from itself, which never beats another positive. Ask of the
    mask that it allows at least two, the anchor and one more.

    Args:
        distances: `(anchors, columns)` floats, not negative.
        mask: `(anchors, columns)` bool, the columns of the same person.

    Returns:
        `(anchors,)` floats.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import hardest_positive
    >>> distances, mask = ops.array([[0.0, 2.0, 9.0]]), [[True, True, False]]
    >>> float(hardest_positive(distances, mask)[0])
    2.0
    """
    return ops.max(ops.where(mask, distances, 0.0), axis=1)


def hardest_negative(distances, mask):
    """Smallest distance of every row that the mask allows, 1e9 if none.

    Args:
        distances: `(anchors, columns)` floats.
        mask: `(anchors, columns)` bool, the columns of other people.

    Returns:
        `(anchors,)` floats.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import hardest_negative
    >>> distances, mask = ops.array([[0.0, 2.0, 9.0]]), [[False, True, True]]
    >>> float(hardest_negative(distances, mask)[0])
    2.0
    """
    return ops.min(ops.where(mask, distances, _FAR), axis=1)


def at_least(mask, count):
    """Which rows of a `(anchors, columns)` mask allow `count` columns.

    Example:
    >>> from keras_drop.ops import at_least
    >>> [bool(x) for x in at_least([[True, True], [True, False]], 2)]
    [True, False]
    """
    return ops.sum(ops.cast(mask, "int32"), axis=1) >= count


def triplet_cost(positive, negative, margin):
    """What it costs that a positive is not `margin` nearer than a negative.

    Args:
        positive: Distance of the positive, any shape.
        negative: Distance of the negative, the same shape.
        margin: The hinge `max(positive - negative + margin, 0)`; 0 or less
            selects the soft form `log(1 + exp(positive - negative))`.

    Returns:
        Floats of that shape.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import triplet_cost
    >>> float(triplet_cost(ops.array(1.0), ops.array(3.0), 2.5))
    0.5
    """
    difference = positive - negative
    if margin <= 0:
        return ops.softplus(difference)
    return ops.relu(difference + margin)
