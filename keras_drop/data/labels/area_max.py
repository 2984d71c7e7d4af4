"""Reducing hard labels so that thin parts stay."""

import cv2
import numpy as np


def area_max(numbers, transform, hidden=None):
    """Which parts are anywhere in each cell of a transformed image.

    Every pixel of the label counts for all pixels of the image that it
    overlaps, so that none is lost where the label is larger than the image.

    Args:
        numbers: `(any, any)` uint8 part numbers below 64, 0 the background.
        transform: The `Transform` of the image.
        hidden: `(height, width)` bool pixels of the transformed image that,
            with their neighbours, show no part; or `None`.

    Returns:
        `(height / 4, width / 4)` uint64: bit `k` is set where part `k` is.

    Example:
    >>> from keras_drop.data.labels.area_max import area_max
    >>> import numpy as np
    >>> from keras_drop.data import Transform
    >>> numbers = np.zeros((8, 4), "uint8")
    >>> numbers[1, 2], numbers[2, 3] = 1, 3
    >>> area_max(numbers, Transform((8, 4))).tolist()
    [[10], [0]]
    """
    height, width = transform.size
    bits = np.left_shift(np.uint64(1), numbers.astype("uint64"))
    bits[numbers == 0] = 0
    bits = _overlapping(_overlapping(bits, height).T, width).T
    rows, columns, shown = transform.label_pixels(transform.size)
    bits = np.where(shown, bits[rows[:, None], columns], np.uint64(0))
    if hidden is not None:
        # A neighbour may overlap a pixel of the label that is hidden.
        hidden = cv2.dilate(hidden.astype("uint8"), np.ones((3, 3)))
        bits[hidden > 0] = 0
    cells = bits.reshape(height // 4, 4, width // 4, 4)
    return np.bitwise_or.reduce(cells, axis=(1, 3))


def _overlapping(bits, length):
    """Resizes the rows: each has the bits of all rows that it overlaps."""
    index = np.arange(length)
    first = index * len(bits) // length
    stop = -(-(index + 1) * len(bits) // length)
    # `reduceat` wants every index to exist, the last stop too.
    padded = np.concatenate([bits, np.zeros_like(bits[:1])])
    both = np.stack([first, stop], axis=1).ravel()
    return np.bitwise_or.reduceat(padded, both, axis=0)[::2]
