"""What the check sees when it looks at one image."""

import hashlib
from typing import NamedTuple

import cv2
import numpy as np

from keras_drop.files.image_file import decode_image, orientation, rgb_pixels
from keras_drop.files.packed_file import file_bytes

# Differences of 8 neighbours in each of 16 rows: crops are twice as high.
THUMBNAIL = 16, 9
_PNG = b"\x89PNG\r\n\x1a\n"
_BITS_PER_SAMPLE = 258
_SMALL = 64, 32
_HEAD = slice(3, 13), slice(9, 23)


class ImageLook(NamedTuple):
    """What is known of an image after one look.

    Args:
        size: `(height, width)` as it is seen; `None` if it cannot be read.
        content: SHA-256 of the file.
        thumbnail: `THUMBNAIL` uint8 brightness.
        traits: Set of `"turned"`, `"transparent"`, `"grey"`, `"deep"` for 16
            bits a channel, and `"dark"` for 16 whose upper 4 are not used.
        skin: Pixels of the head's place with the colour of skin: as they
            are, and with red and blue exchanged.
        problem: Why it cannot be read, or empty.
    """

    size: tuple | None
    content: bytes | None = None
    thumbnail: np.ndarray | None = None
    traits: frozenset = frozenset()
    skin: tuple = (0, 0)
    problem: str = ""


def look_at_image(path):
    """Decodes an image in full, once.

    Args:
        path: The file.

    Returns:
        `ImageLook`.

    Example:
    >>> from keras_drop.datasets.checking.image_look import look_at_image
    >>> look_at_image("gone.jpg").problem
    'There is no image gone.jpg.'
    """
    try:
        content = file_bytes(path)
    except FileNotFoundError:
        return ImageLook(None, problem=f"There is no image {path}.")
    except ValueError as error:
        return ImageLook(None, problem=str(error))
    except OSError as error:
        return ImageLook(None, problem=f"{path} cannot be read: {error}.")

    def look(image):
        return _look(image, content)

    try:
        return decode_image(content, look, str(path))
    except ValueError as error:
        return ImageLook(None, problem=str(error))


def _look(image, content):
    traits = _depth(image, content)
    turned = orientation(image) in range(2, 9)
    pixels = rgb_pixels(image)
    if turned:
        traits.add("turned")
    if (
        image.has_transparency_data
        and image.convert("RGBA").getextrema()[3][0] < 255
    ):
        traits.add("transparent")
    if _is_grey(pixels):
        traits.add("grey")
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return ImageLook(
        pixels.shape[:2],
        hashlib.sha256(content).digest(),
        cv2.resize(grey, THUMBNAIL[::-1], interpolation=cv2.INTER_AREA),
        frozenset(traits),
        _skin(pixels),
    )


def _depth(image, content):
    """`"deep"` and `"dark"`, where they are; Pillow does not tell it."""
    deep = image.mode.startswith("I")
    if image.format == "PNG":
        deep = content[:8] == _PNG and content[24] == 16
    elif image.format == "TIFF":
        bits = image.tag_v2.get(_BITS_PER_SAMPLE, 8)
        deep = max(bits if isinstance(bits, tuple) else (bits,)) == 16
    if not deep:
        return set()
    if image.mode.startswith("I") and np.asarray(image).max() < 2**12:
        return {"deep", "dark"}
    return {"deep"}


def _is_grey(pixels):
    """Whether no colour is left but the traces that JPEG leaves."""
    rows, columns = (-(-length // 48) for length in pixels.shape[:2])
    some = pixels[::rows, ::columns].astype("int16")
    return bool((some.max(axis=2) - some.min(axis=2)).max() <= 10)


def _skin(pixels):
    small = cv2.resize(pixels, _SMALL[::-1], interpolation=cv2.INTER_AREA)
    first, green, last = np.moveaxis(small[_HEAD].astype("int16"), 2, 0)

    def count(red, blue):
        # Kovač, Peer and Solina, 2003, for daylight.
        spread = np.maximum(red, np.maximum(green, blue)) - np.minimum(
            red, np.minimum(green, blue)
        )
        skin = (red > 95) & (green > 40) & (blue > 20) & (spread > 15)
        return int((skin & (red - green > 15) & (green > blue)).sum())

    return count(first, last), count(last, first)
