"""Tables of images, as `read_table` reads them, written whole or not at all."""

import csv
import io
import os
from pathlib import Path

import numpy as np

from keras_drop.datasets.files.whole_files import write_file


def write_columns(path, columns):
    """Writes a CSV file; NaN becomes empty.

    Args:
        path: The file; its folder exists.
        columns: Dictionary from the names to equally long columns.

    Raises:
        ValueError: A value that is no text in UTF-8, as file names of old
            disks may be; the message names it.

    Example:
    >>> from keras_drop.datasets.files.written_table import write_columns
    >>> import tempfile
    >>> path = f"{tempfile.mkdtemp()}/mine.csv"
    >>> write_columns(path, {"path": ["a.jpg"], "time": [float("nan")]})
    >>> with open(path) as file:
    ...     file.read().split()
    ['path,time', 'a.jpg,']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        # NaN is not itself.
        writer.writerow(["" if value != value else value for value in row])
    try:
        content = text.getvalue().encode()
    except UnicodeEncodeError:
        values = (str(v) for c in (columns, *columns.values()) for v in c)
        wrong = next(v for v in values if not _is_utf8(v))
        raise ValueError(
            f"{path} is written in UTF-8, which {wrong!r} is not: the name has "
            "bytes of another encoding. Rename the file."
        ) from None
    write_file(Path(path), content)


def splits_table(splits, folder):
    """Columns of a table that reads as these splits.

    Args:
        splits: Dictionary of `Records`.
        folder: Where the table will lie: paths in it are written from there,
            others are absolute, and those of a store, as `gs://…`, as they
            are.

    Returns:
        Dictionary of `(num_images,)` arrays; a column that only some splits
        have is empty for the others.
    """
    columns = {name: [] for name in ("path", "identity", "camera", "split")}
    for split, records in splits.items():
        count = len(columns["path"])
        values = {name: getattr(records, name) for name in records.column_names}
        identities = values.pop("identities")
        cameras = values.pop("cameras")
        row = {
            "path": [_from(folder, path) for path in values.pop("paths")],
            "identity": values.pop("identity_names", identities),
            "camera": values.pop("camera_names", cameras),
            "split": [split] * len(records),
        }
        labels = [_from(folder, path) for path in values.pop("parsing_paths")]
        if any(labels):
            row["parsing_path"] = labels
        row = {**values, **row}
        # In their order: a set's is another in every process.
        for name in row:
            columns.setdefault(name, [""] * count)
        for name, column in columns.items():
            column.extend(row.get(name, [""] * len(records)))
    return {name: np.array(values, object) for name, values in columns.items()}


def _from(folder, path):
    if not path or "://" in path:
        return path
    folder, path = Path(os.path.abspath(folder)), Path(os.path.abspath(path))
    inside = path.is_relative_to(folder)
    return (path.relative_to(folder) if inside else path).as_posix()


def _is_utf8(text):
    return text == text.encode("utf-8", "replace").decode()
