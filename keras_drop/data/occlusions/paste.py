"""An occluder in front of an image."""

import cv2
import numpy as np


def paste(image, occluder, top, left):
    """Puts an occluder in front of an image.

    The result is `occluder + (1 - alpha) * image`, where the colours of the
    occluder are already multiplied by its alpha.

    Args:
        image: `(height, width, 3)` pixel values from 0 to 255; not changed.
        occluder: `(h, w, 4)` uint8, RGB multiplied by alpha, and alpha.
        top: Row of the occluder's first row, which may lie outside.
        left: Column of its first column, which may lie outside.

    Returns:
        The image, float32, and the `(height, width)` bool pixels where alpha
        is above one half.

    Example:
    >>> image = np.full((2, 3, 3), 100.0, "float32")
    >>> black = np.array([[[0, 0, 0, 255]]], "uint8")
    >>> image, hidden = paste(image, black, top=1, left=2)
    >>> image[..., 0].tolist(), hidden.tolist()[1]
    ([[100.0, 100.0, 100.0], [100.0, 100.0, 0.0]], [False, False, True])
    """
    image = np.array(image, "float32")
    hidden = np.zeros(image.shape[:2], bool)
    rows = slice(max(top, 0), max(top + occluder.shape[0], 0))
    columns = slice(max(left, 0), max(left + occluder.shape[1], 0))
    behind = image[rows, columns]
    height, width = behind.shape[:2]
    if height and width:
        above, before = max(-top, 0), max(-left, 0)
        occluder = occluder[above : above + height, before : before + width]
        # NumPy takes channels apart ten times as slowly as OpenCV.
        alpha = cv2.extractChannel(occluder, 3)
        keep = cv2.cvtColor(255 - alpha, cv2.COLOR_GRAY2RGB)
        behind *= keep * np.float32(1 / 255)
        behind += cv2.cvtColor(occluder, cv2.COLOR_RGBA2RGB)
        hidden[rows, columns] = alpha > 127
    return image, hidden


def nothing_hidden(image):
    """The image as it is, and its `(height, width)` bool pixels, all false."""
    return image, np.zeros(image.shape[:2], bool)


def premultiplied(image, alpha):
    """`(h, w, 4)` uint8 of `(h, w, 3)` colours and `(h, w)` alpha, 0 to 255.

    Colours are multiplied by alpha, so that what is transparent does not shine
    through when the occluder is resized.
    """
    alpha = np.asarray(alpha, "float32")
    share = cv2.cvtColor(alpha * np.float32(1 / 255), cv2.COLOR_GRAY2RGB)
    image = np.asarray(image, "float32") * share
    image = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
    image[..., 3] = alpha
    return np.rint(image).astype("uint8")
