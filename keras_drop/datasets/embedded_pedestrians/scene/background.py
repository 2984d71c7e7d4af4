"""Backgrounds: one wall and one pavement for every camera."""

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    box,
    ellipse,
)
from keras_drop.datasets.embedded_pedestrians.drawing.painter import (
    Material,
    Painter,
)
from keras_drop.datasets.embedded_pedestrians.drawing.palette import mix

HEIGHT, WIDTH = 288, 160
WALLS = ("brick", "panels", "windows", "hedge", "shutter")
GROUNDS = ("tiles", "asphalt", "grass", "cobbles")
# A town of sandstone: were places of many colours, they would outweigh the
# clothes in any description of a whole picture, with obstacles or without.
_WALL_COLOURS = (
    (116, 102, 94),
    (112, 97, 91),
    (114, 101, 92),
    (118, 104, 97),
    (110, 98, 89),
)
_GROUND_COLOURS = {
    "tiles": (116, 102, 94),
    "asphalt": (108, 95, 88),
    "grass": (110, 98, 87),
    "cobbles": (112, 99, 91),
}


def paint_background(rng, wall, ground, horizon):
    """`(288, 160, 3)` uint8 picture of a place, drawn once for a camera.

    Args:
        rng: Random generator; everything but the arguments follows from it.
        wall: One of `WALLS`.
        ground: One of `GROUNDS`.
        horizon: Row where the ground meets the wall.
    """
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    painter = Painter(picture, 225, rng)
    wall_colour = _WALL_COLOURS[int(rng.integers(len(_WALL_COLOURS)))]
    painter.shape(
        box(-4, -4, WIDTH + 4, horizon + 2), Material(wall_colour, folds=50), 0
    )
    _WALL_PAINTERS[wall](painter, rng, wall_colour, horizon)
    ground_colour = _GROUND_COLOURS[ground]
    painter.shape(
        box(-4, horizon, WIDTH + 4, HEIGHT + 4),
        Material(ground_colour, folds=50),
        0,
    )
    _paint_ground(painter, rng, ground, ground_colour, horizon)
    if rng.integers(2):
        _lamp_post(painter, rng, horizon)
    grain = rng.integers(-5, 6, (HEIGHT, WIDTH, 1))
    picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    return cv2.GaussianBlur(picture, (5, 5), 1.0)


def _brick(painter, rng, colour, horizon):
    joint, dark = Material(mix(colour, (236, 208, 192), 22), folds=20), None
    for row in range(0, horizon, 10):
        painter.shape(box(0, row, WIDTH, row + 1), joint, 0)
        for x in range(row // 10 % 2 * 10, WIDTH, 20):
            painter.shape(box(x, row, x + 1, row + 10), joint, 0)
            if rng.integers(4) == 0:
                dark = Material(mix(colour, (88, 72, 67), 60))
                painter.shape(box(x + 1, row + 1, x + 19, row + 9), dark, 0)


def _panels(painter, rng, colour, horizon):
    width = int(rng.integers(34, 60))
    for x in range(int(rng.integers(width)), WIDTH, width):
        shade = Material(mix(colour, (40, 35, 33), int(rng.integers(2, 16))))
        painter.shape(box(x, 0, x + width - 2, horizon), shade, 0)
    sill = Material(mix(colour, (0, 0, 0), 25))
    painter.shape(box(0, horizon - 12, WIDTH, horizon), sill, 0)


def _windows(painter, rng, colour, horizon):
    glass, frame = Material((92, 80, 74)), Material(mix(colour, (0, 0, 0), 38))
    width = int(rng.integers(40, 64))
    for x in range(int(rng.integers(20)), WIDTH, width):
        for top in (horizon - 150, horizon - 84):
            painter.shape(box(x, top, x + width - 14, top + 54), frame, 0)
            painter.shape(
                box(x + 3, top + 3, x + width - 17, top + 51), glass, 0
            )
            shine = Material((140, 123, 114))
            painter.shape(
                box(x + 5, top + 5, x + 12, top + 49), shine, 0, opacity=110
            )


def _hedge(painter, rng, colour, horizon):
    for _ in range(240):
        x, y = int(rng.integers(WIDTH)), int(rng.integers(20, horizon))
        green = mix((92, 85, 72), colour, int(rng.integers(0, 90)))
        radius = int(rng.integers(4, 9))
        painter.shape(
            ellipse((x, y), radius, radius * 0.7, 8), Material(green), 0
        )


def _shutter(painter, rng, colour, horizon):
    left = int(rng.integers(5, 50))
    slat = Material(mix(colour, (98, 86, 80), 70))
    dark = Material(mix(colour, (52, 46, 42), 45))
    for row in range(horizon - 140, horizon - 4, 8):
        painter.shape(box(left, row, left + 92, row + 6), slat, 0)
        painter.shape(box(left, row + 6, left + 92, row + 8), dark, 0)
    painter.shape(
        box(left - 4, horizon - 156, left + 96, horizon - 140), dark, 0
    )


_WALL_PAINTERS = {
    "brick": _brick,
    "panels": _panels,
    "windows": _windows,
    "hedge": _hedge,
    "shutter": _shutter,
}


def _paint_ground(painter, rng, ground, colour, horizon):
    line = Material(mix(colour, (30, 26, 24), 26), folds=30)
    if ground in ("tiles", "cobbles"):
        step, row = (11 if ground == "tiles" else 6), horizon
        while row < HEIGHT:
            painter.shape(box(0, row, WIDTH, row + 1), line, 0)
            row += step
            step += 2 if ground == "tiles" else 1
        centre, spread = WIDTH / 2, (24 if ground == "tiles" else 13)
        for k in range(-12, 13):
            near, far = centre + k * spread * 2.2, centre + k * spread
            painter.shape(
                [
                    (far, horizon),
                    (far + 1, horizon),
                    (near + 2, HEIGHT),
                    (near, HEIGHT),
                ],
                line,
                0,
            )
    elif ground == "grass":
        for _ in range(260):
            x, y = int(rng.integers(WIDTH)), int(rng.integers(horizon, HEIGHT))
            blade = mix(colour, (90, 83, 70), int(rng.integers(10, 70)))
            painter.shape(box(x, y, x + 2, y + 5), Material(blade), 0)
    else:
        paint = Material((150, 132, 122), folds=60)
        x = int(rng.integers(10, 90))
        painter.shape(
            [
                (x, horizon),
                (x + 6, horizon),
                (x + 30, HEIGHT),
                (x + 12, HEIGHT),
            ],
            paint,
            0,
        )
    kerb = Material(mix(colour, (220, 194, 179), 15))
    painter.shape(box(0, horizon, WIDTH, horizon + 4), kerb, 0)


def _lamp_post(painter, rng, horizon):
    x = int(rng.choice([10, 30, 128, 146]))
    grey = Material((84, 74, 68), folds=20)
    axis = (x + 2, 0), (x + 2, HEIGHT), 4
    painter.shape(box(x, 0, x + 4, horizon + 14), grey, 0, axis)
