"""An object cut out of its image."""

import cv2
import numpy as np


def cut_out(image, mask, max_side=512):
    """Cuts an object out of an image, as an occluder of a bank.

    The box is that of the mask; the edge of the alpha is soft by a pixel.

    Args:
        image: `(height, width, 3)` uint8, RGB.
        mask: `(height, width)` bool, true somewhere.
        max_side: Pixels of the longer side at the most.

    Returns:
        `(h, w, 4)` uint8, RGB as in the image, and alpha.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions.occluders.cut_out import cut_out
    >>> mask = np.zeros((9, 9), bool)
    >>> mask[2:6, 3:5] = True
    >>> cut_out(np.zeros((9, 9, 3), "uint8"), mask).shape
    (4, 2, 4)
    """
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    alpha = mask.astype("uint8") * 255
    alpha = cv2.GaussianBlur(alpha, (3, 3), 0)[box]
    occluder = np.dstack([image[box], alpha])
    ratio = max_side / max(alpha.shape)
    if ratio >= 1:
        return occluder
    size = tuple(max(round(length * ratio), 1) for length in alpha.shape[::-1])
    return cv2.resize(occluder, size, interpolation=cv2.INTER_AREA)
