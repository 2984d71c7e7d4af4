"""Occluders for tests."""

import numpy as np


class OneOccluder:
    """A bank that always draws the same."""

    def __init__(self, occluder):
        self.occluder = occluder

    def draw(self, rng):
        return self.occluder


def hide(stage, image, seed, scene=None):
    """What a stage makes of a copy of an image, and what it hid."""
    image = np.array(image, "float32")
    hidden = stage(image, np.random.default_rng(seed), scene)
    assert hidden.shape == image.shape[:2]
    assert hidden.dtype == bool
    return image, hidden


def opaque(height, width, colour=(200, 100, 50)):
    """A bank of one rectangle."""
    occluder = np.full((height, width, 4), 255, "uint8")
    occluder[..., :3] = colour
    return OneOccluder(occluder)


def random_occluder(seed, size=(12, 7)):
    """`(h, w, 4)` uint8, colours multiplied by a smooth alpha, and alpha."""
    rng = np.random.default_rng(seed)
    alpha = np.linspace(0, 255, size[0] * size[1]).reshape(size)
    colours = rng.uniform(0, 1, (*size, 3)) * alpha[..., None]
    return np.rint(np.dstack([colours, alpha])).astype("uint8")


def box_of(hidden):
    """`(top, left, height, width)` of the rectangle that is hidden."""
    rows = np.flatnonzero(hidden.any(axis=1))
    columns = np.flatnonzero(hidden.any(axis=0))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    assert hidden.sum() == height * width, "no rectangle"
    return int(rows[0]), int(columns[0]), int(height), int(width)
