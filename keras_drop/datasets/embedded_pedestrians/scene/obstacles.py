"""Cars, plants, benches and other things that people walk behind."""

import math

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    box,
    ellipse,
    limb,
    rounded_box,
)
from keras_drop.datasets.embedded_pedestrians.drawing.painter import Material
from keras_drop.datasets.embedded_pedestrians.drawing.palette import mix
from keras_drop.datasets.embedded_pedestrians.scene.car import paint_car

_DARK = (30, 30, 34)
_STEEL = (120, 124, 128)
_WOOD = (150, 108, 66)


def _pole(painter, rng, colour, height, width):
    round_post = Material(mix((134, 132, 128), colour, 30), folds=70)
    axis = (width / 2, 0), (width / 2, height), width / 2
    painter.shape(box(3, -4, width - 3, height + 4), round_post, 0, axis)
    top = int(rng.integers(40, 110))
    poster, ink = Material(colour, folds=20), Material((236, 232, 222), folds=0)
    painter.shape(box(10, top, width - 10, top + 78), poster, 0, axis)
    for row in range(4):
        y = top + 10 + 16 * row
        painter.shape(
            box(15, y, width - 15 - row * 3, y + 6), ink, 0, opacity=210
        )
    band = Material(_DARK, folds=0)
    painter.shape(box(1, height - 40, width - 1, height - 30), band, 0, axis)


def _plant(painter, rng, colour, height, width):
    pot = Material(mix((150, 92, 64), colour, 35), folds=50)
    top = height - 64
    painter.shape(
        [
            (width * 0.22, top),
            (width * 0.78, top),
            (width * 0.70, height + 4),
            (width * 0.30, height + 4),
        ],
        pot,
        0,
        ((width / 2, top), (width / 2, height), width * 0.3),
    )
    for k in range(150):
        x = width / 2 + int(rng.integers(-100, 101)) * width / 220
        y = 14 + int(rng.integers(0, 1000)) * (top + 6 - 14) / 1000
        green = mix((40, 92, 46), (118, 158, 70), int(rng.integers(0, 100)))
        leaf = Material(green, folds=60)
        tip = x + int(rng.integers(-14, 15)), y - int(rng.integers(2, 18))
        painter.shape(limb((x, y), tip, 8, 3), leaf, 0, ((x, y), tip, 9))
        if k % 9 == 0:
            flower = Material(colour, folds=20)
            painter.shape(ellipse((x, y - 4), 5, 5, 10), flower, 0)


def _bench(painter, rng, colour, height, width):
    wood = Material(mix(_WOOD, colour, 45), folds=80)
    iron = Material(_DARK, folds=20)
    for x in (14, width - 26):
        painter.shape(box(x, 6, x + 10, height + 4), iron, 0)
    for row in range(4):
        y = 4 + row * 17
        painter.shape(box(0, y, width, y + 14), wood, 0)
    painter.shape(box(0, 76, width, 96), wood, 0)
    painter.shape(box(2, 94, width - 2, 100), iron, 0)


def _sign(painter, rng, colour, height, width):
    post, board = Material(_STEEL, folds=20), Material(colour, folds=30)
    white = Material((236, 234, 228), folds=10)
    for x in (20, width - 28):
        axis = (x + 4, 0), (x + 4, height), 5
        painter.shape(box(x, 20, x + 8, height + 4), post, 0, axis)
    painter.shape(rounded_box(0, 4, width, 170, 10), white, 0)
    painter.shape(rounded_box(4, 8, width - 4, 166, 8), board, 0)
    if rng.integers(2):
        painter.shape(ellipse((width / 2, 58), 30, 30, 24), white, 0)
        painter.shape(box(width / 2 - 20, 52, width / 2 + 20, 64), board, 0)
    else:
        arrow = [(24, 44), (62, 44), (62, 30), (92, 56), (62, 82), (62, 68)]
        painter.shape([*arrow, (24, 68)], white, 0)
    for row in range(3):
        y = 106 + row * 18
        painter.shape(box(16, y, width - 18 - 12 * row, y + 8), white, 0)


def _crate(painter, rng, colour, height, width):
    rows = 3 if height > 180 else 2
    size = height // rows
    for row in range(rows):
        shade = mix(_WOOD, colour, int(rng.integers(35, 70)))
        plank, edge = Material(shade), Material(mix(shade, (30, 20, 10), 45))
        top, shift = row * size, int(rng.integers(-3, 4))
        left, right = 4 + shift, width - 4 + shift
        painter.shape(box(left, top, right, top + size + 1), edge, 0)
        for k in range(5):
            y = top + 3 + k * (size - 4) / 5
            slat = box(left + 2, y, right - 2, y + size / 5 - 3)
            painter.shape(slat, plank, 0)
        for x in (left + 1, right - 13):
            painter.shape(box(x, top + 1, x + 12, top + size), plank, 0)
        brace = [(left + 13, top + 4), (left + 24, top + 4)]
        brace += [(right - 14, top + size - 4), (right - 26, top + size - 4)]
        painter.shape(brace, plank, 0)


def _fence(painter, rng, colour, height, width):
    plank = Material(mix((200, 196, 186), colour, 60), folds=60)
    rail = Material(mix(mix((200, 196, 186), colour, 60), (0, 0, 0), 35))
    for y in (36, height - 46):
        painter.shape(box(0, y, width, y + 14), rail, 0)
    for x in range(2, width, 22):
        axis = (x + 9, 0), (x + 9, height), 14
        board = [(x, 12), (x + 9, 2), (x + 18, 12)]
        board += [(x + 18, height + 4), (x, height + 4)]
        painter.shape(board, plank, 0, axis)


def _umbrella(painter, rng, colour, height, width):
    steel = Material(_STEEL, folds=0)
    centre, low = width / 2, height * 0.72
    painter.shape(box(centre - 2, 20, centre + 2, height + 4), steel, 0)
    second = mix(colour, (240, 238, 230), 55) if rng.integers(2) else colour
    panels = 6
    for k in range(panels):
        tone = colour if k % 2 == 0 else second
        cloth = Material(mix(tone, (0, 0, 0), 5 * abs(k - 2)), folds=60)
        ribs = []
        for place in (k, k + 1):
            reach = (width / 2 - 2) * (2 * place / panels - 1)
            ribs.append(
                [
                    (
                        centre + reach * math.sin(math.radians(angle)),
                        low - (low - 6) * math.cos(math.radians(angle)),
                    )
                    for angle in range(0, 91, 15)
                ]
            )
        middle = (ribs[0][-1][0] + ribs[1][-1][0]) / 2, low - 9
        painter.shape([*ribs[0], middle, *reversed(ribs[1])], cloth, 0)


OBSTACLE_PAINTERS = {
    "car": paint_car,
    "pole": _pole,
    "plant": _plant,
    "bench": _bench,
    "sign": _sign,
    "crate": _crate,
    "fence": _fence,
    "umbrella": _umbrella,
}
