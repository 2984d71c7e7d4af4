"""What covers pixels of an image, in place."""

import functools

import cv2
import numpy as np

from keras_drop.data.reading.scratch import scratch

# Of what is behind, by alpha.
_KEPT = (1 - np.arange(256) / 255).astype("float32")


def paste(image, occluder, top, left):
    """Puts an occluder in front of an image.

    The image becomes `occluder + (1 - alpha) * image`, where the colours of
    the occluder are already multiplied by its alpha.

    Args:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        occluder: `(h, w, 4)` uint8, RGB multiplied by alpha, and alpha.
        top: Row of the occluder's first row, which may lie outside.
        left: Column of its first column, which may lie outside.

    Returns:
        `(height, width)` bool pixels where alpha is above one half.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions.scene.paste import paste
    >>> image = np.full((2, 3, 3), 100.0, "float32")
    >>> black = np.array([[[0, 0, 0, 255]]], "uint8")
    >>> paste(image, black, top=1, left=2).tolist()[1]
    [False, False, True]
    >>> image[..., 0].tolist()
    [[100.0, 100.0, 100.0], [100.0, 100.0, 0.0]]
    """
    hidden = nothing_hidden(image)
    rows = slice(max(top, 0), max(top + occluder.shape[0], 0))
    columns = slice(max(left, 0), max(left + occluder.shape[1], 0))
    behind = image[rows, columns]
    height, width = behind.shape[:2]
    if height and width:
        above, before = max(-top, 0), max(-left, 0)
        occluder = occluder[above : above + height, before : before + width]
        # NumPy takes channels apart ten times as slowly as OpenCV. Threads wait
        # for each other at each of these calls: the fewer, the better.
        size = height, width
        alpha = cv2.extractChannel(occluder, 3, scratch("alpha", size, "uint8"))
        np.greater(alpha, 127, out=hidden[rows, columns])
        kept = cv2.LUT(alpha, _KEPT, scratch("kept", size, "float32"))
        kept = cv2.cvtColor(
            kept, cv2.COLOR_GRAY2RGB, scratch("kept_rgb", (*size, 3), "float32")
        )
        cv2.multiply(behind, kept, behind)
        colours = cv2.cvtColor(
            occluder, cv2.COLOR_RGBA2RGB, scratch("rgb", (*size, 3), "uint8")
        )
        cv2.accumulate(colours, behind)
    return hidden


def cover(image, hidden, colour):
    """Gives the `(height, width)` bool `hidden` pixels one colour, in place.

    Raises:
        ValueError: An image that is not float32, which OpenCV would leave.
    """
    if image.dtype != np.float32:
        raise ValueError(
            f"Images are hidden in place, which needs float32; this one has "
            f"{image.dtype}. Give `image.astype('float32')`."
        )
    colours = _plain(image.shape, tuple(colour))
    cv2.copyTo(colours, hidden.view("uint8"), image)


def nothing_hidden(image):
    """`(height, width)` bool pixels of an image, all false."""
    return np.zeros(image.shape[:2], bool)


def premultiplied(image, alpha):
    """`(h, w, 4)` uint8 of `(h, w, 3)` colours and `(h, w)` alpha, all uint8.

    Colours are multiplied by alpha, so that what is transparent does not shine
    through when the occluder is resized.
    """
    share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    image = cv2.multiply(image, share, scale=1 / 255)
    occluder = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
    return cv2.insertChannel(alpha, occluder, 3)


@functools.lru_cache(maxsize=8)
def _plain(shape, colour):
    return np.full(shape, colour, "float32")
