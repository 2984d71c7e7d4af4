"""Textures of made-up occluders.

Each is a function of a size `(height, width)` and a generator that returns
`(height, width, 3)` float32 pixel values from 0 to 255.
"""

import cv2
import numpy as np


def plain(size, rng):
    """One colour."""
    return _mixed(np.zeros(size, "float32"), rng)


def gradient(size, rng):
    """From one colour to another, in any direction."""
    height, width = size
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:height, :width]
    ramp = np.sin(angle) * y + np.cos(angle) * x
    ramp = (ramp - ramp.min()) / max(np.ptp(ramp), 1e-6)
    return _mixed(ramp.astype("float32"), rng)


def stripes(size, rng):
    """Stripes of 2 to 6 pixels, upright or lying."""
    along = int(rng.integers(2))
    lines = np.arange(size[along]) // rng.integers(2, 7) % 2
    lines = lines[:, None] if along == 0 else lines[None]
    return _mixed(np.broadcast_to(lines, size).astype("float32"), rng)


def checks(size, rng):
    """A chequerboard of fields of 4 to 16 pixels."""
    field = rng.integers(4, 17)
    y, x = (np.arange(length) // field for length in size)
    return _mixed(((y[:, None] + x) % 2).astype("float32"), rng)


def value_noise(size, rng):
    """Noise of 3 octaves between two colours."""
    noise = np.zeros(size, "float32")
    for octave in range(3):
        grid = rng.random((4 * 2**octave, 4 * 2**octave), "float32")
        layer = cv2.resize(grid, size[::-1], interpolation=cv2.INTER_LINEAR)
        noise += layer / 2**octave
    return _mixed(noise / 1.75, rng)


def border_texture(size, rng, images):
    """A patch of the outer columns of an image, stretched to the size."""
    image = images[rng.integers(len(images))]
    height, width = image.shape[:2]
    columns = max(round(rng.uniform(0.08, 0.16) * width), 1)
    rows = max(round(rng.uniform(0.3, 1.0) * height), 1)
    top = int(rng.integers(0, height - rows, endpoint=True))
    left = 0 if rng.random() < 0.5 else width - columns
    patch = image[top : top + rows, left : left + columns]
    patch = np.ascontiguousarray(patch, "float32")
    return cv2.resize(patch, size[::-1], interpolation=cv2.INTER_LINEAR)


TEXTURES = (plain, gradient, stripes, checks, value_noise)


def _mixed(share, rng):
    """Mixes two colours, by the `(height, width)` share of the second."""
    one, other = rng.uniform(0, 255, (2, 3)).astype("float32")
    return one + share[..., None] * (other - one)
