"""Images as users give them: files, pictures, arrays of pixel values."""

import os

import numpy as np
from PIL import Image

from keras_drop.files.image_file import decode_image, rgb_pixels


def as_pixels(image):
    """An image as an array.

    Args:
        image: Path of an image file, `PIL.Image.Image`, or `(height, width,
            3)` array of RGB values.

    Returns:
        `(height, width, 3)` array.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: A file that is no image, an array of another shape.

    Example:
    >>> from PIL import Image
    >>> from keras_drop.models.inputs.given_images import as_pixels
    >>> as_pixels(Image.new("L", (4, 8))).shape
    (8, 4, 3)
    """
    if isinstance(image, str | os.PathLike):
        return decode_image(image, rgb_pixels)
    if isinstance(image, Image.Image):
        return rgb_pixels(image)
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(
            "An image is an array (height, width, 3) of RGB values, a path or "
            f"a PIL image; got one of shape {image.shape}."
        )
    return image
