"""The two kinds of parsing label files."""

import numpy as np

from keras_drop.datasets.labels.label_formats import LABEL_FORMATS
from keras_drop.files.image_file import decode_image
from keras_drop.files.npz_file import read_npy


def read_confidence_fields(path):
    """Reads `pifpaf36`: 36 confidence maps in one `.npy` file.

    Args:
        path: File of a `(36, height, width)` float array in `[0, 1]`.

    Returns:
        `(height, width, 36)` float32.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Another shape or range, or not a `.npy` file; the message
            names it.
    """
    try:
        fields = read_npy(path)
    except FileNotFoundError:
        raise _missing(path) from None
    except ValueError as error:
        raise ValueError(
            f"{error} Labels of the format 'pifpaf36' are `.npy` files."
        ) from error
    if fields.ndim != 3 or fields.shape[0] != 36:
        raise ValueError(
            f"{path} has the shape {fields.shape}; labels of the format "
            "'pifpaf36' have (36, height, width)."
        )
    if (
        fields.dtype.kind not in "fiub"
        or not ((fields >= 0) & (fields <= 1)).all()
    ):
        raise ValueError(
            f"{path} has values outside of [0, 1]; labels of the format "
            "'pifpaf36' are confidences."
        )
    return np.ascontiguousarray(fields.transpose(1, 2, 0), "float32")


def read_part_ids(path, image_size, label_format="densepose14", highest=None):
    """Reads a hard label: one whole number a pixel, in an 8-bit PNG file.

    Args:
        path: File of one channel, grey or with a palette.
        image_size: `(height, width)` of the image, which is the label's too.
        label_format: Name of the format, one whose `highest` is a number.
        highest: The highest value; left out, that of the format.

    Returns:
        `(height, width)` uint8.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Another size, range or kind of file; the message names it.
    """
    if highest is None:
        highest = LABEL_FORMATS[label_format].highest
    try:
        ids, mode, kind = decode_image(
            path, lambda image: (np.asarray(image), image.mode, image.format)
        )
    except FileNotFoundError:
        raise _missing(path) from None
    except ValueError as error:
        raise ValueError(
            f"{error} Labels of the format {label_format!r} are PNG files."
        ) from error
    if kind != "PNG":
        raise ValueError(
            f"{path} is a {kind} file; labels of the format {label_format!r} "
            "are PNG files, since compression such as that of JPEG changes "
            "the numbers of the parts. Make it again as a PNG file."
        )
    if mode not in ("L", "P"):
        raise ValueError(
            f"{path} is an image of the mode {mode!r}; labels of the format "
            f"{label_format!r} have one 8-bit channel."
        )
    if ids.shape != tuple(image_size):
        raise ValueError(
            f"{path} is {_by(ids.shape)}, its image {_by(image_size)}. A "
            "label is as large as its image."
        )
    if ids.max(initial=0) > highest:
        raise ValueError(
            f"{path} has the value {ids.max()}; labels of the format "
            f"{label_format!r} have 0 to {highest}."
        )
    return ids


def _missing(path):
    return FileNotFoundError(
        f"There is no parsing label {path}. Leave `parsing_paths` empty for "
        "an image without one."
    )


def _by(size):
    height, width = size
    return f"{height} x {width} (height x width)"
