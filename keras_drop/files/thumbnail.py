"""A small picture of an image."""

import io

from PIL import Image

_SIZE = 128, 256


def thumbnail_of(pixels):
    """A JPEG file of an image, at most 128 wide and 256 high, as bytes.

    Args:
        pixels: `(height, width, 3)` uint8 RGB values.

    Example:
    >>> import numpy as np
    >>> from keras_drop.files.thumbnail import thumbnail_of
    >>> thumbnail_of(np.zeros((40, 20, 3), "uint8"))[:2]
    b'\\xff\\xd8'
    """
    image = Image.fromarray(pixels)
    image.thumbnail(_SIZE)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
