"""`Camera`: a place and how it is filmed."""

import dataclasses
import functools

import numpy as np

from keras_drop.datasets.embedded_pedestrians.scene.background import (
    GROUNDS,
    WALLS,
    paint_background,
)
from keras_drop.datasets.embedded_pedestrians.scene.occluders import (
    draw_camera_occluders,
)

NUM_CAMERAS = 8
FIXED_OCCLUDERS = 4
# Height of the crops, the angle people walk along, and how far up it hangs.
_SETUPS = (
    (256, 20, 6),
    (208, 90, 9),
    (176, 150, 12),
    (144, 0, 8),
    (224, 60, 14),
    (112, 120, 10),
    (88, 35, 7),
    (160, 75, 11),
)


@dataclasses.dataclass(frozen=True)
class Camera:
    """What all pictures of one camera share.

    Args:
        height: Usual height of its crops, in pixels.
        heading: Angle people walk along, in degrees, or opposite to it.
        elevation: Angle it looks down by, in degrees.
        light: -1 or 1, the side the light comes from.
        background: `(288, 160, 3)` uint8 picture of the place.
        occluders: The obstacles that always stand there.
        curves: `(256, 1, 3)` uint8, white balance, contrast and gamma.
        blur: Standard deviation of its blur, in tenths of a pixel.
        noise: Amplitude of its noise, in grey levels.
        jpeg_quality: Of its files.
    """

    height: int
    heading: int
    elevation: int
    light: int
    background: np.ndarray
    occluders: tuple
    curves: np.ndarray
    blur: int
    noise: int
    jpeg_quality: int


@functools.cache
def draw_cameras(seed):
    """The eight cameras of a data set, drawn from its seed."""
    order = np.random.default_rng([seed, 11]).permutation(40)
    return tuple(
        _draw_camera(np.random.default_rng([seed, 12, number]), number, order)
        for number in range(NUM_CAMERAS)
    )


def _draw_camera(rng, number, order):
    height, heading, elevation = _SETUPS[number]
    wall = WALLS[(number + int(order[0])) % len(WALLS)]
    ground = GROUNDS[(number + int(order[1])) % len(GROUNDS)]
    horizon = 110 + elevation * 3 + int(rng.integers(0, 24))
    return Camera(
        height=height,
        heading=heading,
        elevation=elevation,
        light=1 if rng.integers(2) else -1,
        background=paint_background(rng, wall, ground, horizon),
        occluders=tuple(draw_camera_occluders(rng, FIXED_OCCLUDERS)),
        curves=_curves(rng),
        blur=int(rng.integers(0, 9)),
        noise=int(rng.integers(2, 8)),
        jpeg_quality=int(rng.integers(70, 96)),
    )


def _curves(rng):
    gains = rng.integers(98, 103, 3)
    gamma = int(rng.integers(94, 107)) / 100
    contrast = int(rng.integers(93, 106)) / 100
    levels = np.arange(256) / 255
    curves = []
    for gain in gains:
        curve = levels**gamma * int(gain) / 100
        curve = (curve - 0.5) * contrast + 0.5
        curves.append(np.clip(np.floor(curve * 255 + 0.5), 0, 255))
    return np.stack(curves, axis=1).astype(np.uint8)[:, None, :]
