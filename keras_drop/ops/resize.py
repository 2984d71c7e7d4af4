"""The two bilinear resizes of the papers."""

import numpy as np
from keras import ops


def resize_corner_aligned(x, size):
    """Bilinear resize that keeps the centres of the corner cells in place.

    Output index `o` of `n_out` reads input coordinate
    `o * (n_in - 1) / (n_out - 1)`, which is not what `ops.image.resize` does.
    A single output row or column reads coordinate 0.

    Args:
        x: Float tensor of shape `(batch, height, width, channels)`, of fixed
            height and width.
        size: `(height, width)` of the result, two integers.

    Returns:
        Float tensor of shape `(batch, *size, channels)`; `x` itself where it
        has that size.

    Raises:
        ValueError: A height or width that is not known.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import resize_corner_aligned
    >>> row = ops.reshape([0.0, 1.0, 2.0, 3.0], (1, 1, 4, 1))
    >>> ops.convert_to_numpy(resize_corner_aligned(row, (1, 7))).ravel()
    array([0. , 0.5, 1. , 1.5, 2. , 2.5, 3. ], dtype=float32)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    (height, width), size = _fixed_sizes(x, size)
    if height != size[0]:
        rows = ops.cast(_corner_aligned(height, size[0]), x.dtype)
        x = ops.einsum("oh,bhwc->bowc", rows, x)
    if width != size[1]:
        columns = ops.cast(_corner_aligned(width, size[1]), x.dtype)
        x = ops.einsum("ow,bhwc->bhoc", columns, x)
    return x


def resize_half_pixel(x, size):
    """Bilinear resize that keeps the outer borders of the map in place.

    Output index `o` of `n_out` reads input coordinate
    `(o + 0.5) * n_in / n_out - 0.5`, clamped to the map. No antialiasing.

    Args:
        x: Float tensor of shape `(batch, height, width, channels)`, of fixed
            height and width.
        size: `(height, width)` of the result, two integers.

    Returns:
        Float tensor of shape `(batch, *size, channels)`; `x` itself where it
        has that size.

    Raises:
        ValueError: A height or width that is not known.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import resize_half_pixel
    >>> row = ops.reshape([0.0, 1.0, 2.0, 3.0], (1, 1, 4, 1))
    >>> ops.convert_to_numpy(resize_half_pixel(row, (1, 2))).ravel()
    array([0.5, 2.5], dtype=float32)
    """
    here, size = _fixed_sizes(x, size)
    if here == size:
        return x
    return ops.image.resize(
        x, size, interpolation="bilinear", data_format="channels_last"
    )


def _fixed_sizes(x, size):
    here, size = tuple(x.shape[1:3]), tuple(size)
    if None in here or None in size:
        raise ValueError(
            "A resize needs a fixed height and width; the map has the shape "
            f"{tuple(x.shape)}, the result {size}. Build the model with the "
            "size of its images."
        )
    return here, size


def _corner_aligned(length, new_length):
    """`(new_length, length)` weights that resize one axis."""
    coordinates = np.linspace(0.0, length - 1, new_length)
    away = np.abs(coordinates[:, None] - np.arange(length)[None, :])
    return np.maximum(1.0 - away, 0.0).astype("float32")
