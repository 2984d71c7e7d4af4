"""Outlines of limbs and clothes: polygons as `(n, 2)` arrays."""

import math

import numpy as np

_STEPS = 6
_ARC = np.arange(_STEPS + 1) * (math.pi / _STEPS)
_COS, _SIN = np.cos(_ARC), np.sin(_ARC)


def limb(start, end, first_radius, last_radius, round_end=True):
    """A tapered capsule from `start` to `end`."""
    (ax, ay), (bx, by) = start, end
    length = max(math.hypot(bx - ax, by - ay), 1e-3)
    tx, ty = (bx - ax) / length, (by - ay) / length
    arc_x, arc_y = -_COS * ty - _SIN * tx, _COS * tx - _SIN * ty
    head = np.stack([ax + first_radius * arc_x, ay + first_radius * arc_y], 1)
    if round_end:
        tail = np.stack([bx - last_radius * arc_x, by - last_radius * arc_y], 1)
    else:
        tail = np.array(
            [
                (bx + last_radius * ty, by - last_radius * tx),
                (bx - last_radius * ty, by + last_radius * tx),
            ]
        )
    return np.concatenate([head, tail])


def ellipse(centre, across, up, count=20):
    """An upright ellipse of two radii."""
    angles = np.arange(count) * (2 * math.pi / count)
    return np.stack(
        [
            centre[0] + across * np.cos(angles),
            centre[1] + up * np.sin(angles),
        ],
        axis=1,
    )


def sector(centre, across, up, first, last, count=14):
    """Part of an ellipse between two angles in degrees, clockwise, 0 right."""
    angles = np.radians(np.linspace(first, last, count))
    return np.stack(
        [
            centre[0] + across * np.cos(angles),
            centre[1] + up * np.sin(angles),
        ],
        axis=1,
    )


def band(start, end, offset, thickness):
    """A stripe beside the line from `start` to `end`, `offset` below it."""
    (ax, ay), (bx, by) = start, end
    return np.array(
        [
            (ax, ay + offset - thickness),
            (bx, by + offset - thickness),
            (bx, by + offset),
            (ax, ay + offset),
        ]
    )


def box(left, top, right, bottom):
    """An upright rectangle."""
    return np.array(
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    )


def quadrilateral(corners):
    """Four corners as an array."""
    return np.array(corners, np.float64)


def rounded_box(left, top, right, bottom, radius):
    """An upright rectangle with cut corners."""
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    q = r * 0.3
    return np.array(
        [
            (left + r, top),
            (right - r, top),
            (right - q, top + q),
            (right, top + r),
            (right, bottom - r),
            (right - q, bottom - q),
            (right - r, bottom),
            (left + r, bottom),
            (left + q, bottom - q),
            (left, bottom - r),
            (left, top + r),
            (left + q, top + q),
        ]
    )
