"""COCO's run-length masks."""

from numbers import Integral

import numpy as np

from keras_drop.files.image_file import MAX_PIXELS


def decode_run_length(mask):
    """Decodes a COCO mask, column after column a run of 0, of 1, of 0, ...

    Args:
        mask: Dictionary of `size`, `[height, width]`, and `counts`: the
            lengths of the runs, as a list of integers or as COCO's compressed
            string (or bytes).

    Returns:
        `(height, width)` bool.

    Raises:
        ValueError: Runs that do not fill the mask, or another kind of object.

    Example:
    >>> from keras_drop.datasets.labels.run_length import decode_run_length
    >>> decode_run_length({"size": [2, 3], "counts": [1, 3, 2]}).astype(int)
    array([[0, 1, 0],
           [1, 1, 0]])
    >>> decode_run_length({"size": [2, 3], "counts": "132"}).sum()
    np.int64(3)
    """
    try:
        height, width = mask["size"]
        counts = mask["counts"]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"A run-length mask has `size` and `counts`; this is {mask!r:.80}."
        ) from None
    if isinstance(counts, str | bytes):
        counts = _decompress(counts)
    if not all(isinstance(n, Integral) for n in (height, width, *counts)):
        raise ValueError(
            f"`size` and `counts` are whole numbers; this is {mask!r:.80}."
        )
    if not 0 <= height * width <= MAX_PIXELS:
        raise ValueError(
            f"A mask of {height} x {width} pixels is larger than "
            f"{MAX_PIXELS:,}, the largest image that is read."
        )
    if sum(counts) != height * width or min(counts, default=0) < 0:
        raise ValueError(
            f"The runs of a mask of {height} x {width} pixels are "
            f"{sum(counts)} pixels long. The file is cut off or broken."
        )
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape(width, height).T


def _decompress(text):
    """Run lengths of COCO's string.

    A number is written as characters of five bits, the lowest first, from "0"
    on; a sixth bit says that more follow. From the fourth on, the difference
    to the number two before is written, and the highest bit is its sign.
    """
    counts, number, shift = [], 0, 0
    for byte in text.encode() if isinstance(text, str) else text:
        bits = byte - 48
        if not 0 <= bits < 64:
            raise ValueError(
                f"The character {chr(byte)!r} is none of a run-length mask."
            )
        number |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            number -= 1 << shift
        if len(counts) > 2:
            number += counts[-2]
        counts.append(number)
        number, shift = 0, 0
    if shift:
        raise ValueError("The string of a run-length mask is cut off.")
    return counts
