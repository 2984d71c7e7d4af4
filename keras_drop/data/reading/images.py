"""Image files to RGB arrays, and the one way they are resized."""

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.data.reading.scratch import scratch


def read_image(path):
    """Decodes an image file.

    Grey images are repeated over the three channels; an alpha channel is
    dropped.

    Args:
        path: JPEG, PNG or TIFF file.

    Returns:
        `(height, width, 3)` uint8, RGB.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is cut short, or no image at all; the message
            names it.

    Example:
    >>> from keras_drop.data import read_image
    >>> import numpy as np, os, tempfile
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "grey.png")
    >>> Image.fromarray(np.full((4, 2), 7, "uint8")).save(path)
    >>> read_image(path)[0, 0].tolist()
    [7, 7, 7]
    """
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no image {path}.") from None
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(
            f"{path} cannot be decoded ({error}). The file is broken or not "
            "an image: copy it again, or take it out of the records."
        ) from error


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
