"""A user's own images, listed in a CSV file."""

import csv
from pathlib import Path

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.datasets.files.annotations import numbers_or_strings
from keras_drop.datasets.files.fake_cameras import (
    CAMERA_MODES,
    FAKE_CAMERAS,
)
from keras_drop.records import Records

_NEEDED = ("path", "pid", "camid", "split")
_TAKEN = ("paths", "identities", "cameras", "parsing_paths")


def read_csv(file, camera_mode="real"):
    """Reads a list of images; opens none of them.

    The file has the columns `path`, `pid` (identity; `-1` is left out), `camid`
    (camera) and `split` (`train`, `query` or `gallery`), and may have `mask`,
    the parsing label of the image, empty where it has none. Paths start at
    the folder of the file, unless they are absolute. Further columns become
    columns of the records.

    Args:
        file: The CSV file, with the names of the columns in its first line.
        camera_mode: `"real"`; or `"none"` for images of unknown cameras: then
            `camid` is not read, queries have camera 0 and the gallery camera
            1, so that the junk rule removes nothing.

    Returns:
        Dictionary of `Records` for those of `"train"`, `"query"` and
        `"gallery"` that the file has, in its order.

    Raises:
        FileNotFoundError: There is no such file, or it lists nothing.
        ValueError: A column that is missing, or a value that does not fit;
            the message names its line.

    Example:
    >>> from keras_drop.datasets import read_csv
    >>> import os, tempfile
    >>> file = os.path.join(tempfile.mkdtemp(), "mine.csv")
    >>> with open(file, "w") as lines:
    ...     _ = lines.write("path,pid,camid,split\\na.jpg,7,2,query\\n")
    >>> read_csv(file)["query"].cameras.tolist()
    [2]
    """
    checked_choice("camera_mode", camera_mode, CAMERA_MODES)
    file = Path(file)
    table = _read_table(file, camera_mode)
    rows_of = {split: [] for split in FAKE_CAMERAS}
    for row, split in enumerate(table.pop("split")):
        if split.lower() not in rows_of:
            raise ValueError(
                f"Line {row + 2} of {file} has the split {split!r}; it is one "
                f"of {', '.join(rows_of)}."
            )
        rows_of[split.lower()].append(row)
    identities = np.array(_whole_numbers(file, "pid", table.pop("pid")))
    cameras = table.pop("camid", None)
    if camera_mode == "real":
        cameras = _whole_numbers(file, "camid", cameras)
    else:
        cameras = np.zeros(len(identities), int)
        for split, rows in rows_of.items():
            cameras[rows] = FAKE_CAMERAS[split]
    paths = _paths(file, table.pop("path"))
    labels = _paths(file, table.pop("mask", [""] * len(paths)))
    columns = {name: numbers_or_strings(table[name]) for name in table}
    records = Records(paths, identities, cameras, labels, **columns)
    splits = {
        split: records[[row for row in rows if identities[row] != -1]]
        for split, rows in rows_of.items()
    }
    return {split: kept for split, kept in splits.items() if len(kept)}


def _read_table(file, camera_mode):
    """Dictionary from the columns to lists of strings."""
    if not file.is_file():
        raise FileNotFoundError(f"There is no file {file}.")
    with open(file, newline="", encoding="utf-8-sig") as lines:
        reader = csv.reader(lines)
        names = [name.strip() for name in next(reader, [])]
        rows = [[value.strip() for value in row] for row in reader]
    missing = [
        name
        for name in _NEEDED
        if name not in names and (name != "camid" or camera_mode == "real")
    ]
    if missing:
        raise ValueError(
            f"{file} has no column {' and no '.join(missing)}, but "
            f"{', '.join(names) or 'nothing'}. For images of unknown cameras "
            "say `camera_mode='none'`."
        )
    taken = [name for name in names if name in _TAKEN or not name]
    if taken or len(set(names)) < len(names):
        raise ValueError(
            f"The columns of {file}, {', '.join(names)}, need different names, "
            f"none of them empty or one of {', '.join(_TAKEN)}."
        )
    for number, row in enumerate(rows, 2):
        if len(row) != len(names) or not row[names.index("path")]:
            raise ValueError(
                f"Line {number} of {file} has {len(row)} values for "
                f"{len(names)} columns, or no path."
            )
    if not rows:
        raise FileNotFoundError(f"{file} lists no images.")
    return dict(zip(names, map(list, zip(*rows))))


def _whole_numbers(file, name, values):
    for number, value in enumerate(values, 2):
        try:
            int(value)
        except ValueError:
            raise ValueError(
                f"Line {number} of {file} has the {name} {value!r}, which is "
                "no whole number. Number people and cameras; for images of "
                "unknown cameras say `camera_mode='none'`."
            ) from None
    return [int(value) for value in values]


def _paths(file, values):
    return [str(file.parent / value) if value else "" for value in values]
