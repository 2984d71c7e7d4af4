"""Image files to RGB arrays, and the one way they are resized."""

import cv2
import numpy as np

from keras_drop.data.reading.scratch import scratch
from keras_drop.files.image_file import decode_image, rgb_pixels


def read_image(path):
    """Decodes an image file to the pixels that are meant to be seen.

    Grey images are repeated over the three channels, palettes and CMYK become
    RGB, transparent pixels are laid over white, of 16 bits the upper 8 are
    taken. What EXIF says to be turned is turned. Of an animation or several
    pages the first counts.

    Args:
        path: JPEG, PNG, WebP, BMP or TIFF file, whatever its name ends with,
            of at most 67 million pixels.

    Returns:
        `(height, width, 3)` uint8, RGB.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is cut short, empty, too large, or no image at
            all; the message names it.

    Example:
    >>> from keras_drop.data import read_image
    >>> import numpy as np, os, tempfile
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "grey.png")
    >>> Image.fromarray(np.full((4, 2), 7, "uint8")).save(path)
    >>> read_image(path)[0, 0].tolist()
    [7, 7, 7]
    """
    return decode_image(path, rgb_pixels)


def resize_image(image, size, out=None):
    """Resizes as exported models do: bilinear, half-pixel, no antialiasing.

    Equal to `tf.image.resize(image, size, "bilinear", antialias=False)`.

    Args:
        image: `(height, width, 3)` uint8 or float.
        size: `(height, width)` of the result.
        out: `(*size, 3)` float32, contiguous, to write into, if there is one.

    Returns:
        `(*size, 3)` float32; pixel values are not rounded.

    Example:
    >>> from keras_drop.data import resize_image
    >>> import numpy as np
    >>> row = np.repeat(np.array([[[0], [1], [2], [3]]], "uint8"), 3, axis=2)
    >>> resize_image(row, (1, 2))[0, :, 0].tolist()
    [0.5, 2.5]
    """
    if out is None:
        out = np.empty((*size, *image.shape[2:]), "float32")
    if image.shape[:2] == tuple(size):
        out[:] = image
        return out
    floats = scratch("floats", image.shape, "float32")
    floats[:] = image
    return cv2.resize(floats, size[::-1], out, interpolation=cv2.INTER_LINEAR)
