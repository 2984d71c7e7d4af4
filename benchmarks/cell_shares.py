"""What labels on cells keep of the parts, and how pure the cells are."""


def shares(cells, part_of_cell, part_names):
    """How much of the parts labels keep, and how pure they are, in percent.

    Args:
        cells: `(images, rows, columns, parts)` bool, the labels.
        part_of_cell: The share of each cell that is the part, from 0 to 1.
        part_names: Names of the parts.

    Returns:
        Dictionary of shares by name.
    """
    visible = part_of_cell.any(axis=(1, 2))
    kept = visible & cells.any(axis=(1, 2))
    of_each = 100 * kept.sum(axis=0) / visible.sum(axis=0)
    return {
        "parts that keep a cell": 100 * kept.sum() / visible.sum(),
        **{
            f"{name} that keep a cell": share
            for name, share in zip(part_names, of_each)
        },
        "its own part": 100 * part_of_cell[cells].mean(),
    }
