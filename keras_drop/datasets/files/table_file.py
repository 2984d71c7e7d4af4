"""Tables, `.csv` or `.parquet`, read row by row into columns of text."""

import csv
import dataclasses
import importlib.util
from pathlib import Path

import numpy as np

from keras_drop.files.regular_file import check_regular_file

ENDINGS = (".csv", ".parquet")
# Rows that stand in memory as Python's own strings at a time.
_CHUNK = 2**14


def is_table(path):
    """Whether a file's name says that it is a table."""
    return Path(path).suffix.lower() in ENDINGS


@dataclasses.dataclass(frozen=True)
class TableFile:
    """A table as it is in its file.

    Args:
        path: `pathlib.Path` of the file.
        columns: Dictionary from the names to `(rows,)` arrays of text.
        lines: `(rows,)` line numbers in the file, from 1; of Parquet the
            numbers of the rows.
    """

    path: Path
    columns: dict
    lines: np.ndarray

    def place(self, row):
        """Where a row is: `"line 7 of mine.csv"`."""
        word = "row" if self.path.suffix.lower() == ".parquet" else "line"
        return f"{word} {self.lines[row]} of {self.path}"


def read_table_file(path):
    """Reads a table whole, without keeping more than its columns.

    Args:
        path: `.csv`: UTF-8 text with the names of the columns in its first
            line, its values separated by commas, semicolons or tabs. Or
            `.parquet`, which needs the package `pyarrow`.

    Returns:
        `TableFile`.

    Raises:
        FileNotFoundError: There is no such file, or it has no row.
        ValueError: A row that is too short or too long, another encoding, a
            file of another kind; the message names file and line.
        ImportError: A Parquet file, and nothing that reads it.

    Example:
    >>> import os, tempfile
    >>> from keras_drop.datasets.files.table_file import read_table_file
    >>> path = os.path.join(tempfile.mkdtemp(), "a.csv")
    >>> with open(path, "w") as file:
    ...     _ = file.write("path;identity\\na.jpg;anna\\n")
    >>> read_table_file(path).columns["identity"].tolist()
    ['anna']
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        check_regular_file(path)
    except ValueError as error:
        raise ValueError(f"{path} is no table: {error}.") from None
    parquet = path.suffix.lower() == ".parquet"
    names, chunks = (_parquet if parquet else _csv)(path)
    _check_names(path, names)
    columns, lines = {name: [] for name in names}, []
    for numbers, values in chunks:
        lines.append(np.array(numbers))
        for name, of_column in zip(names, values):
            columns[name].append(np.array(of_column, str))
    if not lines:
        raise FileNotFoundError(f"{path} lists no images.")
    # One column after the other, so that none is there twice for long.
    whole = {name: np.concatenate(columns.pop(name)) for name in names}
    return TableFile(path, whole, np.concatenate(lines))


def table_columns(path):
    """Names of the columns of a table, which is not read further.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is no table.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    parquet = path.suffix.lower() == ".parquet"
    return (_parquet if parquet else _csv)(path)[0]


def _check_names(path, names):
    if "" in names or len(set(names)) < len(names):
        raise ValueError(
            f"The columns of {path}, {', '.join(names)}, need different names, "
            "none of them empty. That of an index, which pandas writes first, "
            "is left out by `index=False`."
        )


def _csv(path):
    lines = _lines(path)
    header = next(lines, "")
    # What a spreadsheet writes depends on its language.
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise ValueError(f"Line 1 of {path} is no CSV: {error}.") from None
    names = [name.strip() for name in names]
    return names, _csv_chunks(path, reader, names)


def _csv_chunks(path, reader, names):
    numbers, rows = [], []
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ValueError(
                f"Line {reader.line_num + 1} of {path} is no CSV: {error}."
            ) from None
        if row is None or len(rows) == _CHUNK:
            if rows:
                yield numbers, zip(*rows)
            numbers, rows = [], []
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(names):
            raise ValueError(
                f"Line {reader.line_num + 1} of {path} has {len(row)} values "
                f"for {len(names)} columns."
            )
        numbers.append(reader.line_num + 1)
        rows.append([value.strip() for value in row])


def _lines(path):
    """Lines of text; the one that is none is named."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                # What some programs put before everything says nothing else.
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise ValueError(
                    f"Line {number} of {path} is not in UTF-8. Save the table "
                    "as 'CSV UTF-8', or convert it: iconv -f ISO-8859-1 -t "
                    "UTF-8."
                ) from None


def _parquet(path):
    if importlib.util.find_spec("pyarrow") is None:
        raise ImportError(
            f"{path} is read by the package pyarrow, which is not there: pip "
            "install 'keras_drop[parquet]'. Or save the table as .csv."
        )
    from pyarrow import ArrowInvalid, parquet

    try:
        file = parquet.ParquetFile(path)
    # An `OSError` of Arrow is one of the content.
    except (ArrowInvalid, OSError) as error:
        raise ValueError(f"{path} is no Parquet file: {error}") from None
    return list(file.schema_arrow.names), _parquet_chunks(path, file)


def _parquet_chunks(path, file):
    first = 1
    batches = file.iter_batches(batch_size=_CHUNK)
    while True:
        try:
            batch = next(batches, None)
            columns = [
                [_text(value) for value in column.to_pylist()]
                for column in (() if batch is None else batch.columns)
            ]
        # Text that is none shows only when it becomes Python's.
        except (ValueError, OSError) as error:
            raise ValueError(
                f"{path} is broken after row {first - 1}: {error}"
            ) from None
        if batch is None:
            return
        yield range(first, first + len(batch)), columns
        first += len(batch)


def _text(value):
    """A value of Parquet as CSV has it; NaN, which is not itself, is empty."""
    if value is None or value != value:
        return ""
    # Text without a type is stored as bytes.
    return (value.decode() if isinstance(value, bytes) else str(value)).strip()
