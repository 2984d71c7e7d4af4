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


def refuse_other_pixels(images):
    """Refuses what cannot be pixel values from 0 to 255.

    Whole numbers from 0 to 255 are taken as they are: so a black image is
    given.

    Args:
        images: Arrays, which are looked at together.

    Raises:
        ValueError: Floats from 0 to 1, negative values, or ones above 255.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models.inputs.given_images import refuse_other_pixels
    >>> refuse_other_pixels([np.zeros((8, 4, 3), "uint8")])
    """
    arrays = [np.asarray(image) for image in images]
    # Of one byte, or true and false, all values are from 0 to 255.
    arrays = [a for a in arrays if a.size and a.dtype not in ("uint8", "bool")]
    if not arrays:
        return
    low = min(float(image.min()) for image in arrays)
    high = max(float(image.max()) for image in arrays)
    whole = all(image.dtype.kind in "iu" for image in arrays)
    if low >= 0 and high <= 255.5 and (whole or high > 1):
        return
    # Written so that NaN is refused too.
    what = "no pixel values"
    if low >= 0 and high <= 1:
        what = "pixel values divided by 255, or black images"
    elif low < 0:
        what = "standardised pixel values"
    elif whole:
        what = "more than 8 bits"
    raise ValueError(
        f"The images have values from {low:.4g} to {high:.4g}: {what}. Models "
        "take RGB values from 0 to 255 and normalise them themselves. If "
        "these are, as of black images, give whole numbers: "
        "`images.astype('uint8')`."
    )
