from pathlib import Path

from keras_drop.datasets.files.written_table import splits_table, write_columns


def write_table(file, splits):
    """Writes `Records` as the table that `read_table` reads.

    Args:
        file: The `.csv` file. Paths of what lies in its folder start there,
            so that both can be moved together; others are absolute.
        splits: Dictionary of `Records` for any of `"train"`, `"query"` and
            `"gallery"`. A column that only some of them have is empty for the
            others.

    Raises:
        ValueError: A file of another kind.
        OSError: It cannot be written.

    Example:
    >>> import tempfile
    >>> from keras_drop import Records
    >>> from keras_drop.datasets import read_table, write_table
    >>> file = f"{tempfile.mkdtemp()}/mine.csv"
    >>> write_table(file, {"query": Records(["/x/a.jpg"], [7], [2])})
    >>> read_table(file)["query"].identities.tolist()
    [7]
    """
    file = Path(file)
    if file.suffix.lower() != ".csv":
        raise ValueError(f"A table is written as a .csv file, not as {file}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_columns(file, splits_table(splits, file.parent))
