"""Boxes and arrows as a small SVG file, laid out on a grid."""

import dataclasses
import html

_WIDTH, _HEIGHT = 142, 50
_STEP_X, _STEP_Y = 172, 78
_EDGE = 16
_FILLS = {
    "image": "#eeeeee",
    "layer": "#dce8f6",
    "output": "#dff0dc",
    "loss": "#fbe5d0",
}


@dataclasses.dataclass(frozen=True)
class Box:
    """One box of a picture.

    Args:
        column: Place from the left.
        row: Place from the top; halves are allowed.
        title: What stands in it.
        note: A second, smaller line.
        kind: `"image"`, `"layer"`, `"output"` or `"loss"`.
        layer: Name of the layer of the model that it shows, if it is one.
        after: Numbers of the boxes that an arrow comes from.
    """

    column: float
    row: float
    title: str
    note: str = ""
    kind: str = "layer"
    layer: str = ""
    after: tuple = ()


def svg(boxes, description):
    """The picture as text of an SVG file."""
    width = _EDGE * 2 + _STEP_X * max(box.column for box in boxes) + _WIDTH
    height = _EDGE * 2 + _STEP_Y * max(box.row for box in boxes) + _HEIGHT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        'font-family="sans-serif" text-anchor="middle">',
        f"<title>{html.escape(description)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for box in boxes:
        lines += [_arrow(boxes[number], box) for number in box.after]
    for box in boxes:
        lines += _drawn(box)
    return "\n".join([*lines, "</svg>", ""])


def _place(box):
    return _EDGE + _STEP_X * box.column, _EDGE + _STEP_Y * box.row


def _arrow(start, end):
    (x, y), (to_x, to_y) = _place(start), _place(end)
    x, y, to_y = x + _WIDTH, y + _HEIGHT / 2, to_y + _HEIGHT / 2
    middle = (x + to_x) / 2
    return (
        f'<path d="M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {to_y:g} '
        f'{to_x:g} {to_y:g}" fill="none" stroke="#555" '
        'stroke-width="1.3" marker-end="url(#tip)"/>'
    )


def _drawn(box):
    x, y = _place(box)
    middle = x + _WIDTH / 2
    lines = [
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'rx="6" fill="{_FILLS[box.kind]}" stroke="#777"/>',
        f'<text x="{middle:g}" y="{y + (21 if box.note else 30):g}" '
        f'font-size="13">{html.escape(box.title)}</text>',
    ]
    if box.note:
        lines.append(
            f'<text x="{middle:g}" y="{y + 39:g}" font-size="11" '
            f'fill="#444">{html.escape(box.note)}</text>'
        )
    return lines
