import cv2
import numpy as np
from PIL import Image

from keras_drop.files.pixel_values import refuse_other_pixels
from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    LINE,
    RIGHT,
    WRONG,
    canvas,
    draw_legend,
    font,
    part_colours,
    save,
)
from keras_drop.visualization.part_overlay import part_overlay

_HEIGHT = 256
_MARGIN, _GAP, _BAR, _LINE, _WORD = 24, 8, 90, 16, 52


def save_part_maps(
    path,
    images,
    part_maps,
    visibility,
    part_names,
    *,
    truth=None,
    num_columns=4,
):
    """Draws images beside the parts that a model sees in them.

    Each image stands beside a grey copy with its parts in colour, the more
    certain the stronger. Below, a bar per part shows its visibility; a part
    that is hidden is crossed out. With the truth, a third copy has the parts
    of the labels, and behind each bar stands whether the part is really
    visible, green where the model says so, too, and red where not.

    Args:
        path: The `.png` file to write.
        images: `(n, height, width, 3)` RGB values from 0 to 255.
        part_maps: `(n, h, w, num_parts + 1)` probabilities, background first.
        visibility: `(n, num_parts)`, bool or in `[0, 1]`; or with the
            foreground as one more column, in front, which is not drawn.
        part_names: Names of the parts, without background and foreground.
        truth: `(n, any, any)` part numbers by labels, whole, 0 the background.
        num_columns: Number of images side by side.

    Returns:
        The path.

    Raises:
        ValueError: Arrays that do not fit each other, images of other values,
            maps that are not finite, or a file name that does not end with
            `.png`.

    Example:
    >>> from keras_drop.visualization import save_part_maps
    >>> output = model.inference_model().predict(images)  # doctest: +SKIP
    >>> save_part_maps("parts.png", images, output["part_maps"],
    ...     output["visibility"],
    ...     model.part_schema.part_names)  # doctest: +SKIP
    """
    images, part_maps = np.asarray(images), np.asarray(part_maps, "float32")
    visibility = np.asarray(visibility, "float32")
    truth = None if truth is None else np.asarray(truth)
    _check(images, part_maps, visibility, part_names, num_columns, truth)
    visibility = visibility[:, -len(part_names) :]
    colours = part_colours(len(part_names))
    size = round(_HEIGHT * images.shape[2] / images.shape[1]), _HEIGHT
    panels = 2 if truth is None else 3
    card = max(panels * size[0] + (panels - 1) * _GAP, 190)
    card_height = _HEIGHT + 14 + _LINE * len(part_names) + 20
    columns = min(num_columns, len(images))
    width = 2 * _MARGIN + columns * (card + _MARGIN) - _MARGIN
    _, pen = canvas(1, 1)
    legend = draw_legend(pen, (0, 0), part_names, colours, width - 2 * _MARGIN)
    num_lines = -(-len(images) // columns)
    picture, draw = canvas(
        width, _MARGIN + legend + 12 + num_lines * card_height
    )
    corner = _MARGIN, _MARGIN - 4
    draw_legend(draw, corner, part_names, colours, width - 2 * _MARGIN)
    for number, image in enumerate(images):
        image = cv2.resize(
            np.clip(image, 0, 255).astype("uint8"),
            size,
            interpolation=cv2.INTER_AREA,
        )
        line, column = divmod(number, columns)
        x = _MARGIN + column * (card + _MARGIN)
        y = _MARGIN + legend + 8 + line * card_height
        shown, really = [image], None
        shown.append(part_overlay(image, part_maps[number], np.array(colours)))
        if truth is not None:
            labels = np.eye(len(colours) + 1, dtype="float32")[truth[number]]
            shown.append(
                part_overlay(
                    image, labels, np.array(colours), cv2.INTER_NEAREST
                )
            )
            really = labels[..., 1:].any(axis=(0, 1))
        for place, panel in enumerate(shown):
            left = x + place * (size[0] + _GAP)
            picture.paste(Image.fromarray(panel), (left, y))
        _draw_bars(
            draw,
            (x, y + _HEIGHT + 10, x + card),
            visibility[number],
            part_names,
            colours,
            really,
        )
    return save(picture, path)


def _draw_bars(draw, frame, visibility, names, colours, really=None):
    left, top, right = frame
    if really is not None:
        right -= _WORD
        for k, visible in enumerate(really):
            y = top + k * _LINE + _LINE // 2
            ink = RIGHT if (visibility[k] >= 0.5) == visible else WRONG
            word = "visible" if visible else "hidden"
            draw.text((right + 8, y), word, ink, font(12), anchor="lm")
    start = min(left + _BAR, right - 60)
    for k, (name, colour) in enumerate(zip(names, colours)):
        y = top + k * _LINE + _LINE // 2
        seen = float(visibility[k])
        label = name.replace("_", " ")
        ink = INK if seen > 0 else FAINT
        draw.text((left, y), label, ink, font(12), anchor="lm")
        if seen == 0:
            length = draw.textlength(label, font(12))
            draw.line((left, y, left + length, y), FAINT)
        end = right - 34
        draw.rounded_rectangle((start, y - 5, end, y + 5), 3, outline=LINE)
        if seen > 0:
            filled = start + max(seen * (end - start), 4)
            draw.rounded_rectangle((start, y - 5, filled, y + 5), 3, colour)
        draw.text((right, y), f"{seen:.2f}", ink, font(12), anchor="rm")


def _check(images, part_maps, visibility, part_names, num_columns, truth):
    count, num_parts = len(images), len(part_names)
    if images.ndim != 4 or images.shape[3] != 3 or not count:
        raise ValueError(
            "`images` have the shape (n, height, width, 3) with n of at "
            f"least 1; these have {images.shape}."
        )
    refuse_other_pixels([images])
    if (
        part_maps.ndim != 4
        or len(part_maps) != count
        or part_maps.shape[3] != num_parts + 1
    ):
        raise ValueError(
            f"{count} images with {num_parts} parts need part maps of the "
            f"shape ({count}, h, w, {num_parts + 1}), background first; these "
            f"have {part_maps.shape}."
        )
    if not np.isfinite(part_maps).all():
        raise ValueError(
            "The part maps have values that are not finite. Give the "
            "`part_maps` that a model returns, and look at its training if "
            "these are."
        )
    if visibility.shape not in ((count, num_parts), (count, num_parts + 1)):
        raise ValueError(
            f"{count} images with {num_parts} parts need a visibility of the "
            f"shape {(count, num_parts)}, or with the foreground in front "
            f"{(count, num_parts + 1)}; it has {visibility.shape}."
        )
    if truth is not None:
        _check_truth(truth, count, num_parts)
    if num_columns < 1:
        raise ValueError(f"`num_columns` is at least 1; it is {num_columns}.")


def _check_truth(truth, count, num_parts):
    if truth.ndim != 3 or len(truth) != count:
        raise ValueError(
            f"`truth` has one map of part numbers an image, ({count}, any, "
            f"any); it has the shape {truth.shape}. Of probabilities take "
            "`truth.argmax(axis=-1)`."
        )
    if truth.dtype.kind not in "iu":
        raise ValueError(
            f"`truth` has whole numbers of parts; it is {truth.dtype}. "
            "Convert it, for example with `.astype('int32')`."
        )
    low, high = truth.min(initial=0), truth.max(initial=0)
    if low < 0 or high > num_parts:
        raise ValueError(
            f"`truth` has the numbers 0, the background, to {num_parts} of "
            f"{num_parts} parts; it has numbers from {low} up to {high}."
        )
