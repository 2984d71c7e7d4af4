import numpy as np


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
    >>> from keras_drop.files.pixel_values import refuse_other_pixels
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
