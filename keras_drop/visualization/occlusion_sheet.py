import cv2
import numpy as np
from PIL import Image

from keras_drop.files.pixel_values import refuse_other_pixels
from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    canvas,
    draw_legend,
    font,
    part_colours,
    save,
)

_HEIGHT = 160
_MARGIN, _GAP, _TITLE = 24, 6, 34
_HIDDEN = (60, 60, 66)


def save_occlusion_sheet(
    path, images, hidden, titles, *, parts=None, part_names=()
):
    """Draws images with what hides them, and what is left of their labels.

    Every row is one image. Below the pictures are grey copies: what an
    occluder hides is dark, what is left of the body parts is in colour.

    Args:
        path: The `.png` file to write.
        images: `(rows, columns, height, width, 3)` RGB values; those below 0
            and above 255 are clipped.
        hidden: `(rows, columns, height, width)` bool.
        titles: For every column two lines of text above it, split by a
            newline. The first one is drawn once for neighbours that share it.
        parts: `(rows, columns, height, width)` part numbers still visible, 0
            for the background; `None` without labels.
        part_names: Names of the parts.

    Returns:
        The path.

    Raises:
        ValueError: Arrays that do not fit each other, images from 0 to 1, or
            a file name that does not end with `.png`.

    Example:
    >>> from keras_drop.visualization import save_occlusion_sheet
    >>> save_occlusion_sheet("sheet.png", images, hidden,
    ...     ["as it is", "roa\\n0.5"])  # doctest: +SKIP
    """
    images, hidden = np.asarray(images), np.asarray(hidden, bool)
    parts = np.zeros(hidden.shape, int) if parts is None else np.asarray(parts)
    _check(images, hidden, titles, parts, part_names)
    rows, columns, height, width = hidden.shape
    size = max(round(_HEIGHT * width / height), 1), _HEIGHT
    step = max(size[0], 56) + _GAP
    line = 2 * (_HEIGHT + _GAP) + _GAP
    colours = part_colours(len(part_names))
    _, pen = canvas(1, 1)
    sheet = 2 * _MARGIN + columns * step - _GAP
    room = sheet - 2 * _MARGIN
    legend = draw_legend(pen, (0, 0), part_names, colours, room)
    top = _MARGIN + legend + _TITLE
    picture, draw = canvas(sheet, top + rows * line + _MARGIN)
    draw_legend(draw, (_MARGIN, _MARGIN - 4), part_names, colours, room)
    for column, title in enumerate(titles):
        x = _MARGIN + column * step
        first, _, second = title.partition("\n")
        y = top - _TITLE + 8
        draw.text((x, y + 15), second, FAINT, font(12), anchor="lm")
        if not column or not titles[column - 1].startswith(f"{first}\n"):
            draw.text((x, y), first, INK, font(12), anchor="lm")
        for row in range(rows):
            image = np.clip(images[row, column], 0, 255).astype("uint8")
            overlay = _overlay(
                image, hidden[row, column], parts[row, column], colours
            )
            for number, shown in enumerate((image, overlay)):
                y = top + row * line + number * (_HEIGHT + _GAP)
                shown = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
                picture.paste(Image.fromarray(shown), (x, y))
    return save(picture, path)


def _overlay(image, hidden, parts, colours):
    """Grey image, its parts in colour, dark where it is hidden."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None]
    mixed = 0.6 * grey + 90 + np.zeros(3)
    colours = np.array([(0, 0, 0), *colours])
    mixed = np.where(
        parts[..., None] > 0, 0.35 * grey + 0.65 * colours[parts], mixed
    )
    mixed[hidden] = _HIDDEN
    return mixed.astype("uint8")


def _check(images, hidden, titles, parts, part_names):
    if hidden.ndim != 4 or images.shape != (*hidden.shape, 3):
        raise ValueError(
            "`images` have the shape (rows, columns, height, width, 3) and "
            "`hidden` the same without the 3; they have "
            f"{images.shape} and {hidden.shape}."
        )
    refuse_other_pixels([np.clip(images, 0, 255)])
    if len(titles) != hidden.shape[1]:
        raise ValueError(
            f"{hidden.shape[1]} columns need as many titles; there are "
            f"{len(titles)}."
        )
    if parts.shape != hidden.shape or parts.max(initial=0) > len(part_names):
        raise ValueError(
            f"`parts` have the shape {hidden.shape} and numbers up to "
            f"{len(part_names)}, one per name; they have {parts.shape} and "
            f"numbers up to {parts.max(initial=0)}."
        )
