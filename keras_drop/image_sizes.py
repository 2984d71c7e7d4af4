"""The one place that says what a size of images is."""

import numpy as np

from keras_drop.checks import is_whole


def checked_image_size(image_size, multiple=1):
    """`(height, width)` as two integers.

    Args:
        image_size: `(height, width)`, whole numbers.
        multiple: What both have to be a multiple of.

    Raises:
        ValueError: It is no such pair.

    Example:
    >>> from keras_drop.image_sizes import checked_image_size
    >>> checked_image_size([256, 128], multiple=32)
    (256, 128)
    """
    is_array = isinstance(image_size, np.ndarray) and image_size.ndim == 1
    is_row = is_array or isinstance(image_size, list | tuple)
    sizes = tuple(image_size) if is_row else ()
    fits = all(
        is_whole(size) and size >= multiple and size % multiple == 0
        for size in sizes
    )
    if len(sizes) != 2 or not fits:
        multiples = f", both multiples of {multiple}" if multiple > 1 else ""
        raise ValueError(
            "`image_size` is (height, width), two whole numbers of 1 or more"
            f"{multiples}, received {image_size!r:.100}. Choose for example "
            "(256, 128)."
        )
    return tuple(map(int, sizes))
