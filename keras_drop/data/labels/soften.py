"""Confidences of parts to soft labels."""

import numpy as np


def soften(parts):
    """Soft labels of part confidences.

    Args:
        parts: `(..., num_parts)` floats, clipped to `[0, 1]`.

    Returns:
        `(..., num_parts + 1)` float32, background first: the softmax of 15
        times the confidences, where the background has 1 if every part is
        below 0.5 and 0 otherwise.

    Example:
    >>> from keras_drop.data.labels.soften import soften
    >>> import numpy as np
    >>> [f"{value:.5f}" for value in soften(np.array([1.0, 0.2]))]
    ['0.00000', '0.99999', '0.00001']
    """
    parts = np.clip(np.asarray(parts, "float32"), 0.0, 1.0)
    background = parts.max(axis=-1, keepdims=True) < 0.5
    weights = np.concatenate([background, parts], axis=-1, dtype="float32")
    weights = np.exp(15.0 * (weights - weights.max(axis=-1, keepdims=True)))
    return weights / weights.sum(axis=-1, keepdims=True)
