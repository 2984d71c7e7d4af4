"""Alpha masks of made-up occluders.

Each is a function of a size `(height, width)` and a generator that returns a
`(height, width)` float32 mask of 0 and 1.
"""

import cv2
import numpy as np


def blob(size, rng):
    """Low-frequency noise above its 40 % quantile."""
    noise = rng.random((8, 8), "float32")
    noise = cv2.resize(noise, size[::-1], interpolation=cv2.INTER_CUBIC)
    return (noise > np.quantile(noise, 0.4)).astype("float32")


def rounded_rectangle(size, rng):
    """All of the box but its corners."""
    height, width = size
    radius = rng.uniform(0.05, 0.5) * min(size)
    y, x = np.mgrid[:height, :width]
    dy = np.maximum(np.abs(y - (height - 1) / 2) - height / 2 + radius, 0)
    dx = np.maximum(np.abs(x - (width - 1) / 2) - width / 2 + radius, 0)
    return (dy**2 + dx**2 <= radius**2).astype("float32")


def pole(size, rng):
    """A vertical bar, 20 to 40 % of the width."""
    width = size[1]
    thickness = round(rng.uniform(0.2, 0.4) * width)
    left = int(rng.integers(0, width - thickness, endpoint=True))
    mask = np.zeros(size, "float32")
    mask[:, left : left + thickness] = 1
    return mask


def foliage(size, rng):
    """60 to 200 ellipses anywhere."""
    height, width = size
    mask = np.zeros(size, "float32")
    for _ in range(rng.integers(60, 200, endpoint=True)):
        centre = rng.integers(0, (width, height)).tolist()
        axes = rng.integers(3, 13, 2).tolist()
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(mask, centre, axes, angle, 0, 360, 1.0, -1)
    return mask


def half_disc(size, rng):
    """The upper half of an ellipse: an umbrella."""
    height, width = size
    y, x = np.mgrid[:height, :width]
    y = (height - 0.5 - y) / height
    x = (2 * x + 1 - width) / width
    return (y**2 + x**2 <= 1).astype("float32")


def fence(size, rng):
    """Bars and gaps in turn, upright or lying."""
    along = int(rng.integers(2))
    period = int(rng.integers(8, 25))
    bar = int(rng.integers(3, period - 1))
    lines = (np.arange(size[along]) + rng.integers(period)) % period < bar
    lines = lines[:, None] if along == 0 else lines[None]
    return np.broadcast_to(lines, size).astype("float32")


SHAPES = (blob, rounded_rectangle, pole, foliage, half_disc, fence)
