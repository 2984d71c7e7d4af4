"""A user's own images, listed in a table."""

import os
import re

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.datasets.files.annotations import numbers_or_strings
from keras_drop.datasets.files.fake_cameras import (
    CAMERA_MODES,
    FAKE_CAMERAS,
)
from keras_drop.datasets.files.numbered import is_plain, numbered
from keras_drop.datasets.files.own_columns import column_names
from keras_drop.datasets.files.table_file import TableFile, read_table_file
from keras_drop.records import Records

_TAKEN = ("paths", "identities", "cameras", "parsing_paths")
_SHARE = re.compile(r"occlusion|visibility.*")


def read_table(file, columns=(), camera_mode="real"):
    """Reads a table of images, `.csv` or `.parquet`; opens no image.

    Its columns are

    - `path`: the image, from the folder of the table if it is not absolute
      or one of a store, as `gs://…`;
    - `identity`: who it shows, a number or any text; `-1` is left out;
    - `camera`: a number or any text;
    - `split`: `train`, `query` or `gallery`;
    - `parsing_path`, where there are labels: the parsing label, empty where an
      image has none.

    Further columns become columns of the records, such as `tracklet`. `time`
    is a number, `occlusion` and what begins with `visibility` are numbers from
    0 to 1; of these an empty value is NaN. Where people or cameras are called
    by text, the records have numbers, and the text in `identity_names` or
    `camera_names`.

    Args:
        file: The table. CSV is UTF-8, with the names of the columns in its
            first line.
        columns: Names in this file that are other, as `("identity:pid",)`.
        camera_mode: `"real"`; or `"none"` for images of unknown cameras: then
            `camera` is not read, queries have camera 0 and the gallery camera
            1, so that the junk rule removes nothing.

    Returns:
        Dictionary of `Records` for those of `"train"`, `"query"` and
        `"gallery"` that the table has, in its order.

    Raises:
        FileNotFoundError: There is no such file, or it lists nobody.
        ValueError: A column that is missing, or a value that does not fit;
            the message names its line.

    Example:
    >>> from keras_drop.datasets import read_table
    >>> import os, tempfile
    >>> file = os.path.join(tempfile.mkdtemp(), "mine.csv")
    >>> with open(file, "w") as lines:
    ...     _ = lines.write("path,pid,camera,split\\na.jpg,anna,2,query\\n")
    >>> read_table(file, ("identity:pid",))["query"].identity_names.tolist()
    ['anna']
    """
    checked_choice("camera_mode", camera_mode, CAMERA_MODES)
    table = _renamed(read_table_file(file), column_names(columns), camera_mode)
    values, folder = dict(table.columns), table.path.parent
    splits = np.char.lower(values.pop("split"))
    expected = f"it is one of {', '.join(FAKE_CAMERAS)}"
    _refuse(table, ~np.isin(splits, list(FAKE_CAMERAS)), "split", expected)
    identities, people = _numbered(table, values.pop("identity"), "identity")
    if camera_mode == "real":
        cameras, places = _numbered(table, values.pop("camera"), "camera")
    else:
        values.pop("camera", None)
        cameras, places = np.zeros(len(splits), int), {}
        for split, camera in FAKE_CAMERAS.items():
            cameras[splits == split] = camera
    paths = values.pop("path")
    _refuse(table, paths == "", "path", "every row needs an image")
    labels = values.pop("parsing_path", np.full(len(paths), ""))
    records = Records(
        _below(folder, paths),
        identities,
        cameras,
        _below(folder, labels),
        **people,
        **places,
        **{name: _column(table, name, values[name]) for name in values},
    )
    found = {
        split: records[(splits == split) & (identities != -1)]
        for split in FAKE_CAMERAS
    }
    if not any(map(len, found.values())):
        raise FileNotFoundError(
            f"All {len(records)} images that {table.path} lists have the "
            "identity -1, which is junk. Say who they are."
        )
    return {split: kept for split, kept in found.items() if len(kept)}


def _renamed(table, theirs, camera_mode):
    """The table with our names, if all that are needed are there."""
    needed = ["path", "identity", "split"]
    needed += ["camera"] if camera_mode == "real" else []
    wanted = dict.fromkeys((*needed, *theirs))
    named = {theirs.get(name, name): name for name in wanted}
    if len(named) < len(wanted):
        told = ", ".join(f"{n} is {theirs.get(n, n)}" for n in wanted)
        raise ValueError(
            f"One column of {table.path} cannot be two: {told}. Give each "
            "its own by `columns`."
        )
    missing = [name for name in named if name not in table.columns]
    if missing:
        hint = " For images of unknown cameras say `camera_mode='none'`."
        raise ValueError(
            f"{table.path} has no column {' and no '.join(missing)}, but "
            f"{', '.join(table.columns) or 'nothing'}. Columns of other names "
            f"are told by `columns`, as {named[missing[0]]}:NAME."
            f"{hint if 'camera' in map(named.get, missing) else ''}"
        )
    columns = {
        named.get(name, name): values for name, values in table.columns.items()
    }
    if len(columns) < len(table.columns) or set(columns) & set(_TAKEN):
        raise ValueError(
            f"The columns of {table.path}, {', '.join(columns)}, need "
            f"different names, none of them one of {', '.join(_TAKEN)}."
        )
    return TableFile(table.path, columns, table.lines)


def _refuse(table, wrong, name, expected):
    """Refuses the first value that is wrong, by its line."""
    if wrong.any():
        row = int(np.argmax(wrong))
        value = str(table.columns[name][row])
        place = table.place(row)
        raise ValueError(
            f"{place[0].upper()}{place[1:]} has the {name} {value!r}; "
            f"{expected}."
        )


def _numbered(table, names, column):
    """Numbers of people or cameras, and a column of their names if text."""
    expected = "every row needs one, a number or any text"
    _refuse(table, names == "", column, expected)
    numbers, text = numbered(names)
    return numbers, {f"{column}_names": names} if text else {}


def _column(table, name, values):
    """Numbers or text of a further column."""
    share = bool(_SHARE.fullmatch(name))
    if not share and name != "time":
        return numbers_or_strings(values)
    numbers = np.full(len(values), np.nan)
    wrong = np.zeros(len(values), bool)
    for row in np.flatnonzero(values != ""):
        try:
            numbers[row] = float(values[row])
            fits = not share or 0 <= numbers[row] <= 1
            wrong[row] = not fits or not is_plain(values[row])
        except ValueError:
            wrong[row] = True
    expected = f"it is a number{' from 0 to 1' if share else ''}"
    _refuse(table, wrong, name, expected)
    return numbers


def _below(folder, paths):
    """Paths that start at a folder; empty, absolute and `gs://…` ones stay."""
    return [
        os.path.join(folder, path) if path and "://" not in path else path
        for path in paths.tolist()
    ]
