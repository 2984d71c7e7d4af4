"""The box around the person that is meant, typed or clicked."""

import math
import re

import numpy as np

_BLUE = 64, 132, 214


def read_box(words):
    """`(left, top, right, bottom)` of a text, `None` if it is empty.

    Raises:
        ValueError: It is not four finite numbers.

    Example:
    >>> from keras_drop.ui.boxes import read_box
    >>> read_box("10, 20 74, 148")
    (10.0, 20.0, 74.0, 148.0)
    """
    words = re.split(r"[\s,;]+", (words or "").strip(" ()[]"))
    if words == [""]:
        return None
    try:
        box = tuple(map(float, words))
        if len(box) != 4 or not all(map(math.isfinite, box)):
            raise ValueError
    except ValueError:
        raise ValueError(
            "A box is four numbers of pixels, left, top, right, bottom, such "
            f"as 10, 20, 74, 148; this is {' '.join(words)!r}."
        ) from None
    return box


def add_corner(words, point):
    """Text of the box after a click: the second corner makes it whole.

    Args:
        words: Text of the box before, which is two numbers after one click.
        point: `(x, y)` of this one.

    Returns:
        Text of the first corner, or of the box.

    Example:
    >>> from keras_drop.ui.boxes import add_corner
    >>> add_corner("", (74, 20)), add_corner("74, 20", (10, 148))
    ('74, 20', '10, 20, 74, 148')
    """
    x, y = map(round, point)
    corner = re.fullmatch(r"(\d+), (\d+)", words or "")
    if corner is None:
        return f"{x}, {y}"
    (left, right), (top, bottom) = map(
        sorted, zip(map(int, corner.groups()), (x, y))
    )
    return f"{left}, {top}, {right}, {bottom}"


def framed(photo, box):
    """A copy of an `(height, width, 3)` image with a frame in it."""
    shown = np.array(photo)
    left, top, right, bottom = (max(round(edge), 0) for edge in box)
    wide = max(round(max(shown.shape) / 250), 2)
    for rows, columns in (
        (slice(top, top + wide), slice(left, right)),
        (slice(max(bottom - wide, 0), bottom), slice(left, right)),
        (slice(top, bottom), slice(left, left + wide)),
        (slice(top, bottom), slice(max(right - wide, 0), right)),
    ):
        shown[rows, columns] = _BLUE
    return shown
