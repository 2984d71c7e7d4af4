"""The upper garment on the torso."""

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    box,
    ellipse,
    limb,
    quadrilateral,
)
from keras_drop.datasets.embedded_pedestrians.person.bags import (
    TORSO,
    paint_line,
)
from keras_drop.datasets.embedded_pedestrians.person.pose import NECK
from keras_drop.densepose_parts import PART_IDS

# Height, half width seen in front, half width seen from the side.
_SLICES = (
    (0.838, 0.045, 0.040),
    (0.822, 0.088, 0.056),
    (0.795, 0.114, 0.070),
    (0.720, 0.108, 0.084),
    (0.620, 0.090, 0.074),
    (0.540, 0.098, 0.082),
)


def paint_torso(figure, painter):
    """Paints neck, torso and what lies on the chest or the back."""
    upper, wardrobe = figure.identity.upper_body, figure.wardrobe
    loose = 0.5 + 0.5 * wardrobe.looseness
    hem = {"jacket": 0.475, "hoodie": 0.480}.get(upper.kind, 0.495)
    slices = [
        figure.level(up, side * loose, front * loose)
        for up, side, front in (*_SLICES, (hem, 0.100, 0.084))
    ]
    outline = [left for left, _ in slices] + [p for _, p in reversed(slices)]
    top, bottom = _centre(slices[0]), _centre(slices[-1])
    radius = (slices[2][1][0] - slices[2][0][0]) / 2
    axis = top, bottom, radius * 1.02
    neck = figure.place(0.012 * figure.pose.sin, NECK + 0.03)
    painter.shape(
        limb(neck, figure.place(0, 0.80), *(2 * [0.034 * figure.scale])),
        wardrobe.skin,
        PART_IDS["head"],
        (neck, figure.place(0, 0.80), 0.04 * figure.scale),
    )
    painter.shape(quadrilateral(outline), wardrobe.upper, TORSO, axis)
    if figure.pose.cos > 0.2:
        _front(figure, painter, hem, axis)
    if upper.kind == "hoodie":
        _hood(figure, painter)


def _front(figure, painter, hem, axis):
    """Collar, opening, buttons, print and pocket: seen in front only."""
    upper, wardrobe, scale = (
        figure.identity.upper_body,
        figure.wardrobe,
        figure.scale,
    )
    narrow = figure.pose.cos
    chest = figure.place(figure.pose.middle(0.075), 0.70)
    collar = figure.place(figure.pose.middle(0.04), 0.832)
    belly = figure.place(figure.pose.middle(0.08), hem)
    if upper.kind in ("jacket", "coat"):
        half = 0.030 * scale * narrow
        painter.shape(
            quadrilateral(
                (
                    (collar[0] - half * 1.3, collar[1]),
                    (collar[0] + half * 1.3, collar[1]),
                    (belly[0] + half * 0.8, belly[1]),
                    (belly[0] - half * 0.8, belly[1]),
                )
            ),
            wardrobe.inner,
            TORSO,
            axis,
        )
        for sign in (-1, 1):
            paint_line(
                painter,
                wardrobe.seam,
                (collar[0] + sign * half * 1.3, collar[1]),
                (belly[0] + sign * half * 0.8, belly[1]),
                0.005 * scale,
            )
    elif upper.kind == "shirt":
        paint_line(painter, wardrobe.seam, collar, belly, 0.004 * scale)
        for sign in (-1, 1):
            painter.shape(
                quadrilateral(
                    (
                        (collar[0], collar[1] + 0.028 * scale),
                        (
                            collar[0] + sign * 0.045 * scale * narrow,
                            collar[1] - 0.010 * scale,
                        ),
                        (collar[0] + sign * 0.012 * scale, collar[1]),
                    )
                ),
                wardrobe.trim,
                TORSO,
            )
    else:
        painter.shape(
            ellipse(collar, 0.034 * scale * narrow, 0.018 * scale, 12),
            wardrobe.skin,
            TORSO,
        )
    if upper.pattern == "print":
        painter.shape(
            ellipse(chest, 0.062 * scale * narrow, 0.062 * scale, 16),
            wardrobe.print,
            TORSO,
            axis,
        )
        painter.shape(
            box(
                chest[0] - 0.05 * scale * narrow,
                chest[1] - 0.010 * scale,
                chest[0] + 0.05 * scale * narrow,
                chest[1] + 0.012 * scale,
            ),
            wardrobe.upper,
            TORSO,
            axis,
        )
    if upper.kind == "hoodie":
        pocket = figure.place(figure.pose.middle(0.075), 0.555)
        half = 0.058 * scale * narrow
        painter.shape(
            quadrilateral(
                (
                    (pocket[0] - half * 0.7, pocket[1] - 0.03 * scale),
                    (pocket[0] + half * 0.7, pocket[1] - 0.03 * scale),
                    (pocket[0] + half, pocket[1] + 0.025 * scale),
                    (pocket[0] - half, pocket[1] + 0.025 * scale),
                )
            ),
            wardrobe.seam,
            TORSO,
            opacity=90,
        )


def _hood(figure, painter):
    """The hood lies around the neck, larger when seen from behind."""
    behind = figure.pose.cos < 0.2
    centre = figure.place(-0.035 * figure.pose.sin, 0.822)
    across = figure.pose.half_width(0.062, 0.062) * figure.scale
    up = (0.038 if behind else 0.016) * figure.scale
    painter.shape(
        ellipse(centre, across, up, 16),
        figure.wardrobe.upper,
        TORSO,
        (
            (centre[0], centre[1] - up),
            (centre[0], centre[1] + up),
            across * 1.1,
        ),
    )


def _centre(ends):
    (ax, ay), (bx, by) = ends
    return (ax + bx) / 2, (ay + by) / 2
