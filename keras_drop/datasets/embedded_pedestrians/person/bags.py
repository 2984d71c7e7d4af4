"""Backpacks and shoulder bags: they count as torso."""

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    limb,
    rounded_box,
)
from keras_drop.densepose_parts import PART_IDS

TORSO = PART_IDS["torso"]


def paint_rucksack(figure, painter):
    """A backpack, where the identity has one; in front its straps show."""
    if figure.identity.upper_body.bag != "backpack":
        return
    pose, scale = figure.pose, figure.scale
    x = pose.project(0.0, 0.0, -0.115 * pose.width)[0]
    half = pose.half_width(0.088, 0.060)
    left, top = figure.place(x - half, 0.805)
    right, bottom = figure.place(x + half, 0.565)
    material = figure.wardrobe.bag
    painter.shape(
        rounded_box(left, top, right, bottom, 0.04 * scale),
        material,
        TORSO,
        (((left + right) / 2, top), ((left + right) / 2, bottom), right - left),
    )
    if pose.cos < -0.2:
        painter.shape(
            rounded_box(
                left + 0.2 * (right - left),
                top + 0.55 * (bottom - top),
                right - 0.2 * (right - left),
                top + 0.9 * (bottom - top),
                0.015 * scale,
            ),
            figure.wardrobe.strap,
            TORSO,
            opacity=150,
        )


def paint_bag(figure, painter):
    """Straps of a backpack, or a shoulder bag at the left hip."""
    kind, pose, scale = (
        figure.identity.upper_body.bag,
        figure.pose,
        figure.scale,
    )
    strap = figure.wardrobe.strap
    if kind == "backpack" and pose.cos > -0.1:
        for sign in (-1, 1):
            x = pose.project(0.062 * pose.width * sign, 0.0, 0.05)[0]
            paint_line(
                painter,
                strap,
                figure.place(x, 0.825),
                figure.place(x * 1.1, 0.64),
                0.014 * scale,
            )
    if kind != "shoulder":
        return
    front = 0.06 if pose.cos >= 0 else -0.06
    start = pose.project(-0.06 * pose.width, 0.82, 0.0)[:2]
    x, y, depth = pose.project(0.105 * pose.width, 0.56, 0.02)
    middle = pose.project(0.02, 0.69, front * 1.1)[:2]
    for first, last in ((start, middle), (middle, (x, y))):
        paint_line(
            painter,
            strap,
            figure.place(*first),
            figure.place(*last),
            0.009 * scale,
        )
    if depth < -0.05:
        return
    half = pose.half_width(0.035, 0.075)
    left, top = figure.place(x - half, y + 0.01)
    right, bottom = figure.place(x + half, y - 0.10)
    painter.shape(
        rounded_box(left, top, right, bottom, 0.02 * scale),
        figure.wardrobe.bag,
        TORSO,
        (((left + right) / 2, top), ((left + right) / 2, bottom), right - left),
    )


def paint_line(painter, material, start, end, thickness):
    """A straight stripe on the torso."""
    painter.shape(
        limb(start, end, thickness, thickness, round_end=False),
        material,
        TORSO,
    )
