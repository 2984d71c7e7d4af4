"""Binary label maps, one a part, on the grid of a feature map."""

import numpy as np
from keras import ops

from keras_drop.checks import checked_choice

LABEL_REDUCTIONS = ("nearest", "area_max")
"""How labels get onto a coarser grid: the choices of `reduction`."""


def part_cells(soft_labels, grid, reduction="nearest"):
    """Which parts each cell of a grid shows, from labels on a finer one.

    A label shows the classes that are the likeliest in it, several where they
    are equally likely, as where parts share a cell.

    Args:
        soft_labels: `(batch, height, width, 1 + parts)`, background first.
        grid: `(height, width)` of the result.
        reduction: `"nearest"`: the label in the middle of a cell.
            `"area_max"`: a cell shows each part that any of its labels shows,
            so that thin parts stay.

    Returns:
        `(batch, *grid, parts)` float32, 0 or 1.

    Raises:
        ValueError: An unknown reduction; for `"area_max"`, a grid whose cells
            are no whole blocks of labels.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import part_cells
    >>> parts = [[0, 0], [1, 0], [0, 2], [0, 0]]
    >>> labels = ops.one_hot(ops.array([parts]), 3)
    >>> ops.convert_to_numpy(part_cells(labels, (2, 1), "area_max"))[0, :, 0]
    array([[1., 0.],
           [0., 1.]], dtype=float32)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """
    checked_choice("reduction", reduction, LABEL_REDUCTIONS)
    soft_labels = ops.cast(soft_labels, "float32")
    here, grid = tuple(soft_labels.shape[1:3]), tuple(grid)
    if reduction == "nearest":
        for axis in (1, 2):
            soft_labels = ops.take(
                soft_labels, _middles(here[axis - 1], grid[axis - 1]), axis
            )
    best = ops.max(soft_labels, axis=-1, keepdims=True)
    parts = ops.cast(soft_labels >= best, "float32")[..., 1:]
    if reduction == "nearest":
        return parts
    if here[0] % grid[0] or here[1] % grid[1]:
        raise ValueError(
            f"Labels of {here} (height, width) are no whole blocks of a grid "
            f"of {grid}. Use the reduction 'nearest'."
        )
    blocks = (grid[0], here[0] // grid[0], grid[1], here[1] // grid[1])
    parts = ops.reshape(parts, (-1, *blocks, parts.shape[-1]))
    return ops.max(parts, axis=(2, 4))


def _middles(length, new_length):
    """Index of the label in the middle of every cell of one axis."""
    return (2 * np.arange(new_length) + 1) * length // (2 * new_length)
