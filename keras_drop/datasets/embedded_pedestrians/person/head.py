"""Head, hair, hat and glasses."""

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    box,
    ellipse,
    limb,
    rounded_box,
    sector,
)
from keras_drop.densepose_parts import PART_IDS

HEAD = PART_IDS["head"]
_CENTRE = 0.928


def paint_head(figure, painter, behind):
    """Paints the head; with `behind` only the long hair behind the neck."""
    head, pose, scale = figure.identity.head, figure.pose, figure.scale
    centre = figure.place(0.014 * pose.sin, _CENTRE - pose.bob)
    across = scale * pose.half_width(0.050, 0.058) / pose.width
    up = 0.068 * scale
    if head.hair_length == "long" and behind == (pose.cos > 0):
        _long_hair(figure, painter, centre)
    if behind:
        return
    axis = (
        (centre[0], centre[1] - up),
        (centre[0], centre[1] + up),
        across * 1.1,
    )

    def paint(points, material, opacity=255):
        painter.shape(points, material, HEAD, axis, opacity)

    skin, hair = figure.wardrobe.skin, figure.wardrobe.hair
    bald = head.hair_length == "bald"
    if pose.cos < 0.75 and not bald:
        # The back of the head is hair; the face lies over it.
        paint(ellipse(centre, across * 1.06, up * 1.02), hair)
        if pose.cos < -0.6:
            _bun(figure, paint, centre)
            _hat(figure, paint, centre, across, up)
            return
    face = (centre[0] + 0.036 * scale * pose.sin, centre[1] + 0.1 * up)
    narrow = across * (0.62 + 0.36 * max(pose.cos, 0.0))
    if bald:
        paint(ellipse(centre, across, up * 0.94), skin)
    else:
        paint(ellipse(face, narrow, up * 0.94), skin)
    _face(figure, paint, face, narrow, up)
    if not bald:
        hairline = (
            centre[0] - 0.016 * scale * pose.sin,
            centre[1] - 0.30 * up,
        )
        paint(sector(hairline, across * 1.08, up * 0.76, 178, 362), hair)
    _bun(figure, paint, centre)
    _hat(figure, paint, centre, across, up)


def _long_hair(figure, painter, centre):
    pose, scale = figure.pose, figure.scale
    half = scale * pose.half_width(0.060, 0.040) / pose.width
    x = centre[0] - 0.040 * scale * pose.sin
    points = rounded_box(
        x - half,
        centre[1] - 0.05 * scale,
        x + half,
        centre[1] + 0.150 * scale,
        0.03 * scale,
    )
    painter.shape(
        points,
        figure.wardrobe.hair,
        HEAD,
        ((x, centre[1]), (x, centre[1] + 0.15 * scale), half * 1.1),
    )


def _face(figure, paint, face, narrow, up):
    """Eyes, mouth and glasses, on the side of the face that is seen."""
    pose, scale, dark = figure.pose, figure.scale, figure.wardrobe.dark
    if pose.cos < -0.15:
        return
    shift = 0.020 * scale * pose.sin
    glasses = figure.identity.head.glasses
    size = (0.019, 0.016) if glasses else (0.0085, 0.0065)
    for sign in (-1, 1):
        x = face[0] + shift + sign * 0.42 * narrow * max(pose.cos, 0.25)
        eye = x, face[1] - 0.12 * up
        paint(ellipse(eye, size[0] * scale, size[1] * scale, 10), dark, 225)
    if glasses:
        half, y = 0.8 * narrow * max(pose.cos, 0.45), face[1] - 0.16 * up
        middle = face[0] + shift
        paint(box(middle - half, y, middle + half, y + 0.006 * scale), dark)
    mouth = face[0] + shift, face[1] + 0.46 * up
    paint(
        ellipse(mouth, 0.014 * scale * max(pose.cos, 0.4), 0.005 * scale, 8),
        figure.wardrobe.mouth,
    )


def _bun(figure, paint, centre):
    if figure.identity.head.hair_length != "bun":
        return
    x = centre[0] - 0.045 * figure.scale * figure.pose.sin
    paint(
        ellipse(
            (x, centre[1] - 0.062 * figure.scale),
            0.026 * figure.scale,
            0.026 * figure.scale,
            12,
        ),
        figure.wardrobe.hair,
    )


def _hat(figure, paint, centre, across, up):
    hat, pose, scale = figure.identity.head.hat, figure.pose, figure.scale
    if hat == "none":
        return
    low = centre[1] - 0.24 * up
    paint(
        sector((centre[0], low), across * 1.16, up * 0.92, 180, 360),
        figure.wardrobe.hat,
    )
    if hat == "beanie":
        paint(
            box(
                centre[0] - across * 1.18,
                low - 0.012 * scale,
                centre[0] + across * 1.18,
                low + 0.012 * scale,
            ),
            figure.wardrobe.brim,
        )
    elif pose.cos > -0.6:
        paint(_peak(figure, centre[0], low, across), figure.wardrobe.brim)


def _peak(figure, x, y, across):
    """Outline of the peak of a cap, which points where the person looks."""
    pose, scale = figure.pose, figure.scale
    if abs(pose.sin) <= 0.4:
        return ellipse((x, y + 0.006 * scale), across * 0.95, 0.015 * scale, 12)
    root = across * (0.3 + 0.6 * max(pose.cos, 0)) * 0.5 + 1
    tip = x + 0.085 * scale * pose.sin, y + 0.008 * scale
    return limb((x, y), tip, root, 0.012 * scale)
