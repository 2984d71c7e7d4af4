"""What an `images.csv` beside a data set says of its images."""

import csv

import numpy as np

_KNOWN = ("path", "identity", "camera")


def read_annotations(file):
    """Reads an `images.csv`.

    Args:
        file: `pathlib.Path` of a CSV file with a column `path`; it need not
            exist.

    Returns:
        `Annotations`; without columns if there is no such file.

    Raises:
        ValueError: A file without the column `path`.
    """
    if not file.is_file():
        return Annotations(file, {}, {})
    with open(file, newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        names = reader.fieldnames or ()
        rows = list(reader)
    if "path" not in names:
        raise ValueError(
            f"{file} has no column `path`, but {', '.join(names)}. Write "
            "it again, or move it away to read the file names alone."
        )
    return Annotations(
        file,
        {_key(row["path"]): number for number, row in enumerate(rows)},
        {
            name: numbers_or_strings([row[name] for row in rows])
            for name in names
            if name not in _KNOWN
        },
    )


class Annotations:
    """Columns of an `images.csv`, for chosen images.

    Args:
        file: Where they come from, for error messages.
        row_of: Row number of every image, by its folder and file name.
        columns: Dictionary of one array a column.
    """

    def __init__(self, file, row_of, columns):
        self.file = file
        self.row_of = row_of
        self.columns = columns

    def columns_of(self, paths):
        """The columns, in the order of these images.

        Args:
            paths: `pathlib.Path`s of the images.

        Returns:
            Dictionary of one array a column: numbers where every value of the
            file is one, else strings.

        Raises:
            ValueError: An image without a row; the message names it.
        """
        if not self.columns:
            return {}
        unknown = [path for path in paths if _key(path) not in self.row_of]
        if unknown:
            raise ValueError(
                f"{self.file} has no row for {len(unknown)} images, the first "
                f"is {unknown[0]}. Write it again, or move it away to read "
                "the file names alone."
            )
        rows = [self.row_of[_key(path)] for path in paths]
        return {name: values[rows] for name, values in self.columns.items()}


def _key(path):
    """Folder and file name: the same wherever the data set lies."""
    return tuple(str(path).replace("\\", "/").split("/")[-2:])


def numbers_or_strings(values):
    """An array of strings: of integers or floats if all of them are some."""
    for kind in (np.int64, np.float64):
        try:
            return np.array([kind(value) for value in values])
        except ValueError:
            continue
    return np.array(values, str)
