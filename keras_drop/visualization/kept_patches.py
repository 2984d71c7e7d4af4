import cv2
import numpy as np
from PIL import Image

from keras_drop.files.pixel_values import refuse_other_pixels
from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    WRONG,
    canvas,
    font,
    save,
)

_HEIGHT = 224
_MARGIN, _GAP, _TOP = 24, 6, 52


def save_kept_patches(path, views, grid, *, num_columns=2):
    """Draws images beside the patches of them that a model kept.

    Every image stands beside a copy in which only the kept patches are in
    colour; a frame marks the proxy patch, with which the others were
    compared. Several views of the same images, such as whole and occluded,
    stand side by side.

    Args:
        path: The `.png` file to write.
        views: Dictionary from the caption of each view to the pair of `(n,
            height, width, 3)` images, RGB values from 0 to 255, and the
            outputs of the model for them: arrays `kept_patches` and
            `patch_ranks` `(n, rows * columns)`, others are not used.
        grid: `(rows, columns)` of the patches, the model's
            `backbone.token_grid`. Patches that overlap are drawn as the cells
            of this grid.
        num_columns: Number of people side by side.

    Returns:
        The path.

    Raises:
        ValueError: Arrays that do not fit each other, images from 0 to 1, or
            a file name that does not end with `.png`.

    Example:
    >>> from keras_drop.visualization import save_kept_patches
    >>> views = {
    ...     "whole": (images, model.predict(images)),
    ...     "occluded": (occluded, model.predict(occluded)),
    ... }  # doctest: +SKIP
    >>> save_kept_patches(
    ...     "patches.png", views, model.backbone.token_grid)  # doctest: +SKIP
    """
    views = {
        caption: (np.asarray(images), *map(np.asarray, _choice(outputs)))
        for caption, (images, outputs) in views.items()
    }
    count, shape = _check(views, grid, num_columns)
    size = round(_HEIGHT * shape[1] / shape[0]), _HEIGHT
    pair = 2 * size[0] + _GAP
    card = len(views) * (pair + 2 * _GAP) - 2 * _GAP
    columns = min(num_columns, count)
    lines = -(-count // columns)
    card_height = 20 + _HEIGHT + 34
    picture, draw = canvas(
        _MARGIN + columns * (card + _MARGIN), _TOP + lines * card_height
    )
    legend = "In colour: patches that are kept. Framed: the proxy."
    draw.text((_MARGIN, 26), legend, FAINT, font(13), anchor="lm")
    for number in range(count):
        line, column = divmod(number, columns)
        x = _MARGIN + column * (card + _MARGIN)
        y = _TOP + line * card_height
        for caption, (images, kept, ranks) in views.items():
            image = cv2.resize(
                np.clip(images[number], 0, 255).astype("uint8"),
                size,
                interpolation=cv2.INTER_AREA,
            )
            mask = kept[number].reshape(grid) > 0
            proxy = np.unravel_index(ranks[number].argmin(), grid)
            draw.text((x, y + 8), caption, INK, font(14), anchor="lm")
            picture.paste(Image.fromarray(image), (x, y + 20))
            picture.paste(
                Image.fromarray(_faded(image, mask, proxy)),
                (x + size[0] + _GAP, y + 20),
            )
            text = f"{mask.sum()} of {mask.size} patches"
            below = x + size[0] + _GAP, y + 20 + _HEIGHT + 12
            draw.text(below, text, FAINT, font(12), anchor="lm")
            x += pair + 2 * _GAP
    return save(picture, path)


def _choice(outputs):
    missing = {"kept_patches", "patch_ranks"} - set(outputs)
    if missing:
        raise ValueError(
            f"The outputs have no {', '.join(sorted(missing))}: patches are "
            "chosen by `DPEFormer`, whose `predict` returns them."
        )
    return outputs["kept_patches"], outputs["patch_ranks"]


def _faded(image, mask, proxy):
    """Copy in which patches that are not kept are pale and grey."""
    height, width = image.shape[:2]
    rows = np.arange(height) * mask.shape[0] // height
    columns = np.arange(width) * mask.shape[1] // width
    grey = 0.3 * cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None] + 0.7 * 255
    shown = np.where(mask[rows][:, columns, None], image, grey)
    shown = shown.astype("uint8")
    top, left = (
        np.flatnonzero(places == place)[0]
        for places, place in zip((rows, columns), proxy)
    )
    bottom, right = (
        np.flatnonzero(places == place)[-1]
        for places, place in zip((rows, columns), proxy)
    )
    corners = (int(left), int(top)), (int(right), int(bottom))
    return cv2.rectangle(shown, *corners, WRONG, 2)


def _check(views, grid, num_columns):
    """Number and `(height, width)` of the images of all views."""
    shapes = {images.shape for images, _, _ in views.values()}
    if len(shapes) != 1:
        raise ValueError(
            "All views are of the same images; theirs have the shapes "
            f"{sorted(shapes)}."
        )
    shape = shapes.pop()
    if len(shape) != 4 or shape[3] != 3 or not shape[0]:
        raise ValueError(
            "Images have the shape (n, height, width, 3) with n of at least "
            f"1; these have {shape}."
        )
    # Noise that hides may be beyond.
    refuse_other_pixels(np.clip(i, 0, 255) for i, _, _ in views.values())
    wanted = shape[0], grid[0] * grid[1]
    for caption, (_, *choice) in views.items():
        for array in choice:
            if array.shape != wanted:
                raise ValueError(
                    f"{shape[0]} images of {grid[0]} x {grid[1]} patches need "
                    f"arrays of the shape {wanted}; of {caption!r} one has "
                    f"{array.shape}."
                )
    if num_columns < 1:
        raise ValueError(f"`num_columns` is at least 1; it is {num_columns}.")
    return shape[0], shape[1:3]
