"""Which images are embedded, and what is known of them: columns of text."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.datasets.data_source import DataSource
from keras_drop.datasets.files.fake_cameras import FAKE_CAMERAS
from keras_drop.datasets.files.own_columns import column_names
from keras_drop.datasets.files.own_names import IMAGE_ENDINGS, list_images
from keras_drop.datasets.files.table_file import read_table_file
from keras_drop.datasets.files.written_table import splits_table
from keras_drop.datasets.own_data import OwnData
from keras_drop.records import Records

# What a row gets when it is embedded.
OURS = ("row", "content")


def image_columns(images):
    """Columns of the images to embed, one row each, in their order.

    Args:
        images: A list of paths; `Records`; or a dictionary of equally long
            columns, one of them `path`.

    Returns:
        Dictionary from the names to lists of text; paths are absolute. Of
        `Records` the columns are called as in a table: `path`, `identity`,
        `camera`, where people and cameras with names are called by them.

    Raises:
        ValueError: No image, columns of other lengths, or of a name that is
            taken.

    Example:
    >>> from keras_drop.embedding import image_columns
    >>> image_columns({"path": ["/a.jpg"], "shop": ["south"]})
    {'path': ['/a.jpg'], 'shop': ['south']}
    """
    if isinstance(images, Records):
        images = splits_table({"": images}, os.getcwd())
        images.pop("split")
    elif not isinstance(images, dict):
        images = {"path": images}
    if "path" not in images:
        raise ValueError(
            f"The images have no column `path`, but {', '.join(images)}."
        )
    columns = {
        name: [_text(value) for value in values]
        for name, values in images.items()
    }
    count = len(columns["path"])
    if not count:
        raise ValueError("There is no image to embed.")
    for name, values in columns.items():
        if len(values) != count:
            raise ValueError(
                f"{count} images need {count} values in `{name}`; it has "
                f"{len(values)}."
            )
    taken = [name for name in OURS if name in columns]
    if taken:
        raise ValueError(
            f"A column cannot be called {taken[0]!r}: what is embedded gets "
            "one of that name. Rename it."
        )
    return {**columns, "path": [absolute(path) for path in columns["path"]]}


def read_columns(data, own=OwnData(), splits=()):
    """Columns of the images of a folder, a table or a data set.

    Args:
        data: As `DataSource` takes it; or a folder of images of whomever,
            which needs no pattern. A table needs a column `path` alone; all
            that it has are kept.
        own: `OwnData`: how a table or a folder is read.
        splits: Those of `"train"`, `"query"` and `"gallery"` that count;
            empty for all there is.

    Returns:
        As `image_columns`.

    Raises:
        FileNotFoundError: There is no such folder, or no image in it.
        ValueError: What `DataSource` refuses, or splits that there are not.
    """
    if is_plain_folder(data, own):
        found = {"path": sorted(map(str, list_images(Path(data))))}
        if not found["path"]:
            raise FileNotFoundError(
                f"There are no images in {data}; their names end in "
                f"{', '.join(IMAGE_ENDINGS)}."
            )
    elif (source := DataSource(data, own)).kind == "a table":
        found = _table(source.path, own)
    else:
        found = splits_table(source.read(), os.getcwd())
    if splits:
        if "split" not in found:
            raise ValueError(f"{data} has no splits: embed all of it.")
        refuse_unknown_names("splits", splits, {*found["split"], *FAKE_CAMERAS})
        kept = np.isin(found["split"], splits)
        if not kept.any():
            raise ValueError(
                f"{data} has no image of {', '.join(splits)}, but of "
                f"{', '.join(sorted(set(found['split'])))}."
            )
        found = {name: np.array(v)[kept] for name, v in found.items()}
    return image_columns(found)


def is_plain_folder(data, own=OwnData()):
    """Whether `data` is a folder of images whose names say nothing."""
    return own == OwnData() and os.path.isdir(data)


def absolute(path):
    """A path from the root; of an object in a store, `gs://…`, as it is."""
    return path if "://" in path else os.path.abspath(path)


def columns_checksum(columns):
    """SHA-256 of all rows, as text."""
    found = hashlib.sha256(json.dumps(list(columns)).encode())
    for row in zip(*columns.values()):
        found.update(json.dumps(row).encode())
    return found.hexdigest()


def _table(path, own):
    table = read_table_file(path)
    theirs = {new: old for old, new in column_names(own.columns).items()}
    columns = {
        theirs.get(name, name): values for name, values in table.columns.items()
    }
    if "path" not in columns:
        raise ValueError(
            f"{path} has no column path, but {', '.join(columns)}. If it has "
            "another name, say `columns=('path:NAME',)`."
        )
    folder = os.path.abspath(path.parent)
    columns["path"] = [
        p if "://" in p else os.path.join(folder, p) for p in columns["path"]
    ]
    return columns


def _text(value):
    # NaN, which is not itself, is nothing.
    return "" if value is None or value != value else str(value)
