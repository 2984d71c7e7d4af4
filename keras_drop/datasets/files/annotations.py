"""What an `images.csv` beside a data set says of its images."""

import numpy as np

from keras_drop.datasets.files.numbered import is_plain
from keras_drop.datasets.files.table_file import read_table_file

_KNOWN = ("path", "identity", "camera")


def read_annotations(file):
    """Reads an `images.csv`.

    Args:
        file: `pathlib.Path` of a CSV file with a column `path`; it need not
            exist.

    Returns:
        `Annotations`; without columns if there is no such file.

    Raises:
        FileNotFoundError: A file without rows.
        ValueError: A file without the column `path`, or that is no table.
    """
    if not file.is_file():
        return Annotations(file, {}, {})
    columns = read_table_file(file).columns
    if "path" not in columns:
        raise ValueError(
            f"{file} has no column `path`, but {', '.join(columns)}. Write "
            "it again, or move it away to read the file names alone."
        )
    paths = columns["path"].tolist()
    return Annotations(
        file,
        {_key(path): number for number, path in enumerate(paths)},
        {
            name: numbers_or_strings(values)
            for name, values in columns.items()
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
    texts = list(map(str, values))  # Of a float, `int64` would make another.
    if all(map(is_plain, texts)):
        for kind in (np.int64, np.float64):
            try:
                return np.array([kind(text) for text in texts])
            except ValueError:
                continue
            # A whole number that is too long is a name: floats merge some.
            except OverflowError:
                break
    return np.array(values, str)
