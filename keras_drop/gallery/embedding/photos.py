"""What counts as an image of a person: a file, an array, a crop of either."""

import hashlib
import json
from pathlib import Path

import numpy as np

from keras_drop.files.image_file import decode_image, rgb_pixels


def read_photo(photo):
    """`(height, width, 3)` uint8 pixels of an image of a person.

    Args:
        photo: A path, an array of RGB pixel values, or a pair of one of them
            and a box `(left, top, right, bottom)` in pixels.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is none of these, no image, or an empty box.

    Example:
    >>> import numpy as np
    >>> from keras_drop.gallery.embedding.photos import read_photo
    >>> street = np.zeros((480, 640, 3), "uint8")
    >>> read_photo((street, (10, 20, 74, 148))).shape
    (128, 64, 3)
    """
    box = None
    if isinstance(photo, tuple) and len(photo) == 2:
        photo, box = photo
    if isinstance(photo, str | Path):
        pixels = decode_image(photo, rgb_pixels)
    else:
        pixels = np.asarray(photo)
        if pixels.dtype != np.uint8 or pixels.shape[2:] != (3,):
            raise ValueError(
                "An image is a path, or an array (height, width, 3) of uint8 "
                f"RGB values; this is {type(photo).__name__} {pixels.dtype} "
                f"of the shape {pixels.shape}."
            )
    if box is None:
        return pixels
    left, top, right, bottom = (round(float(edge)) for edge in box)
    crop = pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if not crop.size:
        height, width = pixels.shape[:2]
        raise ValueError(
            f"The box {box} has nothing of the image, which is {width} wide "
            f"and {height} high. It is (left, top, right, bottom) in pixels."
        )
    return crop


def path_of(photo):
    """The path of an image, `None` if it has none."""
    if isinstance(photo, tuple) and len(photo) == 2:
        photo = photo[0]
    return str(photo) if isinstance(photo, str | Path) else None


def content_of(array, *more):
    """32 bytes that tell an array, and plain values, from all others."""
    found = hashlib.sha256(json.dumps([array.shape, *more]).encode())
    found.update(np.ascontiguousarray(array).tobytes())
    return found.digest()
