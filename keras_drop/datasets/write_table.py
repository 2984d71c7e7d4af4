import csv
import io
import os
from pathlib import Path

from keras_drop.datasets.files.whole_files import write_file

_OWN = ("paths", "identities", "cameras", "parsing_paths")
_NAMES = ("identity_names", "camera_names")


def write_table(file, splits):
    """Writes `Records` as the table that `read_table` reads.

    Args:
        file: The `.csv` file. Paths in it start at its folder, where they
            are on the same disk.
        splits: Dictionary of `Records` for any of `"train"`, `"query"` and
            `"gallery"`. Further columns are written where all of them have it.

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
    parts = [part for part in splits.values() if len(part)]
    further = [
        name
        for name in (parts[0].column_names if parts else ())
        if name not in (*_OWN, *_NAMES)
        and all(name in part.column_names for part in parts)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    header = ["path", "identity", "camera", "split"]
    # An empty column would look as if there were labels.
    labels = any((part.parsing_paths != "").any() for part in parts)
    header += ["parsing_path"] if labels else []
    writer.writerow([*header, *further])
    for split, part in splits.items():
        columns = [
            [_below(file.parent, path) for path in part.paths],
            _named(part, "identity_names", "identities"),
            _named(part, "camera_names", "cameras"),
            [split] * len(part),
        ]
        if labels:
            columns.append([_below(file.parent, p) for p in part.parsing_paths])
        columns += [getattr(part, name) for name in further]
        writer.writerows(zip(*columns))
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, text.getvalue().encode())


def _named(part, names, numbers):
    return getattr(part, names if names in part.column_names else numbers)


def _below(folder, path):
    if not path:
        return ""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # Another drive.
        return str(path)
