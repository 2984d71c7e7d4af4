"""What the check sees when it looks at one parsing label."""

from typing import NamedTuple

import numpy as np

from keras_drop.files.image_file import decode_image
from keras_drop.files.npz_file import read_npy
from keras_drop.files.packed_file import packed_bytes

_NPY = b"\x93NUMPY"


class LabelLook(NamedTuple):
    """What is known of a label after one look.

    Args:
        size: `(height, width)`; `None` for confidences, whose size is free.
        used: `(256,)` bool, the values in it; or `(36,)`, the channels in
            which something is more likely than not.
        problem: Why it cannot be read, or empty.
    """

    size: tuple | None = None
    used: np.ndarray | None = None
    problem: str = ""


def look_at_label(path, ending=""):
    """Reads a label.

    Args:
        path: A `.npy` file of confidences, or a PNG file of whole numbers.
        ending: `".npy"` or `".png"`: which of them training reads; empty:
            what the name says, or the content of a packed file.

    Returns:
        `LabelLook`.

    Example:
    >>> from keras_drop.datasets.checking.label_look import look_at_label
    >>> look_at_label("gone.npy").problem
    'There is no file gone.npy.'
    """
    try:
        if (ending or _ending(path)) == ".npy":
            return _confidences(read_npy(path), path)
        return decode_image(path, _whole_numbers)
    except FileNotFoundError:
        return LabelLook(problem=f"There is no file {path}.")
    except ValueError as error:
        return LabelLook(problem=str(error))


def _ending(path):
    packed = packed_bytes(path)
    if packed is None:
        return ".npy" if path.endswith(".npy") else ".png"
    return ".npy" if packed.startswith(_NPY) else ".png"


def _confidences(fields, path):
    if fields.ndim != 3 or fields.shape[0] != 36 or not fields.size:
        raise ValueError(f"{path} has the shape {fields.shape}.")
    if (
        fields.dtype.kind not in "fiub"
        or not ((fields >= 0) & (fields <= 1)).all()
    ):
        raise ValueError(f"{path} has values outside of [0, 1].")
    return LabelLook(used=fields.max(axis=(1, 2)) > 0.5)


def _whole_numbers(image):
    if image.format != "PNG":
        raise ValueError(f"it is a {image.format} file, a label is PNG")
    if image.mode not in ("L", "P"):
        raise ValueError(f"it has the mode {image.mode!r}")
    ids = np.asarray(image)
    used = np.bincount(ids.ravel(), minlength=256) > 0
    return LabelLook(ids.shape, used)
