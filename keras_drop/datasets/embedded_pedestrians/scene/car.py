"""Parked cars."""

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    box,
    ellipse,
    rounded_box,
)
from keras_drop.datasets.embedded_pedestrians.drawing.painter import Material
from keras_drop.datasets.embedded_pedestrians.drawing.palette import mix

_DARK = (30, 30, 34)
_GLASS = (96, 116, 128)


def paint_car(painter, rng, colour, height, width):
    """Paints a car seen from the side, as all `OBSTACLE_PAINTERS` do."""
    paint, glass = Material(colour, folds=40), Material(_GLASS, folds=60)
    dark, rim = Material(_DARK, folds=20), Material((170, 172, 174), folds=0)
    roof, belt, floor = 6, height * 0.42, height - 22
    painter.shape(
        [
            (width * 0.16, belt + 2),
            (width * 0.30, roof + 6),
            (width * 0.36, roof),
            (width * 0.70, roof),
            (width * 0.76, roof + 6),
            (width * 0.88, belt + 2),
        ],
        paint,
        0,
    )
    for left, right in ((0.22, 0.50), (0.53, 0.82)):
        slope = 0.09 if left < 0.3 else 0.0
        back = 0.08 if right > 0.8 else 0.0
        painter.shape(
            [
                (width * left, belt),
                (width * (left + slope), roof + 9),
                (width * (right - back), roof + 9),
                (width * right, belt),
            ],
            glass,
            0,
        )
    body = rounded_box(3, belt, width - 3, floor, 18)
    painter.shape(body, paint, 0, ((0, belt), (1, floor), width))
    stripe = Material(mix(colour, (0, 0, 0), 40), folds=0)
    painter.shape(box(6, floor - 16, width - 6, floor - 2), stripe, 0)
    for x in (0.36, 0.52, 0.80):
        line = box(width * x, belt + 4, width * x + 1.5, floor - 16)
        painter.shape(line, stripe, 0)
        handle = box(width * x + 8, belt + 14, width * x + 22, belt + 18)
        painter.shape(handle, stripe, 0)
    lamp = Material((226, 214, 160), folds=0)
    painter.shape(ellipse((12, belt + 18), 7, 8), lamp, 0)
    for x in (0.2, 0.8):
        wheel = width * x, height - 28
        painter.shape(ellipse(wheel, 27, 27, 24), dark, 0)
        painter.shape(ellipse(wheel, 15, 15, 20), rim, 0)
        painter.shape(ellipse(wheel, 5, 5, 12), dark, 0)
