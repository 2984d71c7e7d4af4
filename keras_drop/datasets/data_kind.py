"""Which kind of data a text names, and which settings count for it."""

import dataclasses

from keras_drop.datasets.data_set import DATA_SETS
from keras_drop.datasets.data_sets import data_set
from keras_drop.datasets.files.table_file import is_table

TABLE, FOLDER = "a table", "a folder"
KNOWN, BUILT = "a known data set", "built by TensorFlow Datasets"

USED = {
    TABLE: ("columns", "camera_mode"),
    FOLDER: ("pattern", "folders", "camera_mode"),
    KNOWN: (),
    BUILT: (),
}
"""The settings of `OwnData` that count for each kind of data."""


def data_kind(data, pattern):
    """`TABLE`, `FOLDER`, `KNOWN` or `BUILT`.

    Args:
        data: Text, as of `DataSource`.
        pattern: Of names in a folder; empty for none.

    Raises:
        ValueError: It is nothing of these.

    Example:
    >>> from keras_drop.datasets.data_kind import data_kind
    >>> data_kind("shop.csv", ""), data_kind("market1501:market", "")
    ('a table', 'a known data set')
    """
    before, colon, after = data.partition(":")
    if before == "tfds" and after:
        return BUILT
    if is_table(data):
        return TABLE
    if colon and before in DATA_SETS and after:
        return KNOWN
    if data and pattern:
        return FOLDER
    if colon and after:
        data_set(before)  # Which says what it nearly is.
    raise ValueError(
        f"`data` is {data!r}. It is NAME:FOLDER, a known data set and where it "
        "is; TABLE.csv or TABLE.parquet; FOLDER, with a `pattern`; or "
        f"tfds:NAME. Known names: {', '.join(DATA_SETS)}."
    )


def given_settings(own):
    """Names of the settings of `OwnData` that are not as they are by default.

    Args:
        own: `OwnData`.

    Returns:
        Set of names.
    """
    return {
        field.name
        for field in dataclasses.fields(own)
        if getattr(own, field.name) != field.default
    }


def is_taken(name):
    """Whether a name is that of a known data set, or of its protocol."""
    plain = name.lower().replace("-", "_").removesuffix("_single_shot")
    return plain in DATA_SETS
