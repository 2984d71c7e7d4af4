def markdown_table(rows, num_names):
    """Aligned Markdown table, which reads well as plain text.

    Args:
        rows: Lists of strings, the heading first.
        num_names: Number of columns at the left that hold names; those after
            them hold numbers and are set to the right.

    Returns:
        String, without a line break at the end.
    """
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = [
        ":" + "-" * (width - 1) if k < num_names else "-" * (width - 1) + ":"
        for k, width in enumerate(widths)
    ]
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if k < num_names else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths))
        )
        + " |"
        for row in (rows[0], rule, *rows[1:])
    )
