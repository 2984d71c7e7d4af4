"""Weights unlike those at the start, for comparisons that see all of them."""

import numpy as np
from keras import ops


def shaken(layer):
    """Draws the weights of a built layer, and returns them by their path.

    Small enough that nothing saturates in a few layers.
    """
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        if weight.name in ("gamma", "moving_variance"):
            values = rng.uniform(0.5, 1.5, weight.shape)
        else:
            fan_in = np.prod(weight.shape[:-1])
            values = rng.normal(0, 1 / np.sqrt(fan_in), weight.shape)
        weight.assign(values)
    return {w.path: ops.convert_to_numpy(w) for w in layer.weights}
