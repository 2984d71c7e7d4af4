"""A table of measured figures."""

import dataclasses

from benchmarks.result_files import read_rows


@dataclasses.dataclass(frozen=True)
class Table:
    """Rows of a results file, and what is shown of them.

    Args:
        rows: Names of the rows; or a dictionary from a name to what it is
            called in the table.
        columns: Pairs of a title and a function of a row and all rows.
        file: File of `benchmarks/results` that has the rows.
        corner: Title of the first column; `"a | b"` makes two, and the rows
            are then called `"this | that"`.
    """

    rows: tuple | dict
    columns: tuple
    file: str = "real_start"
    corner: str = ""

    def lines(self, rows=None):
        """The table in Markdown, line by line.

        Args:
            rows: Dictionary of rows by name; left out, those of the file.
        """
        rows = read_rows(self.file) if rows is None else rows
        titles = " | ".join(title for title, _ in self.columns)
        sides = [
            " --- |" if title == "IoU of each part" else " ---: |"
            for title, _ in self.columns
        ]
        others = [" --- |"] * self.corner.count(" | ")
        lines = [
            f"| {self.corner} | {titles} |",
            "| --- |" + "".join([*others, *sides]),
        ]
        for name in self.rows:
            label = self.rows[name] if isinstance(self.rows, dict) else name
            cells = [cell(rows[name], rows) for _, cell in self.columns]
            lines.append(f"| {label} | {' | '.join(cells)} |")
        return lines
