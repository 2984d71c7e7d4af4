"""A mean over the anchors that can be judged, whatever the replicas."""

from keras import ops

from keras_drop.backend import gather_replicas


def scale_to_valid(losses, valid):
    """Losses whose mean over all replicas is the mean over the valid ones.

    Args:
        losses: `(batch,)` floats.
        valid: `(batch,)` bool; the others are left out.

    Returns:
        `(batch,)` floats: 0 where not valid, else the loss times
        images / valid images, both counted over all replicas.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses.valid_anchors import scale_to_valid
    >>> losses, valid = ops.array([1.0, 5.0]), ops.array([True, False])
    >>> [float(x) for x in scale_to_valid(losses, valid)]
    [2.0, 0.0]
    """
    share = ops.mean(gather_replicas(ops.cast(valid, losses.dtype)))
    return ops.divide_no_nan(ops.where(valid, losses, 0.0), share)
