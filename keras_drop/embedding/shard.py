"""A shard: the descriptors of some images, there whole or not at all."""

import contextlib
import csv
import hashlib
import io
import json
import os
import shutil
from pathlib import Path

import numpy as np

from keras_drop.datasets.files.table_file import read_table_file
from keras_drop.embedding.flushed import flush_names, write_flushed

FOLDER = "shards"
NOTE = "shard.json"


class Shard:
    """The folder of a shard, in that of the embedded images.

    `embeddings.npy`, `visibility.npy`, the table `rows.csv` or `rows.parquet`,
    and `shard.json` with their checksums, by which it is whole. Of a shard
    without a readable image there is only that.

    Args:
        folder: Of all shards.
        number: Its own, from 0.

    Example:
    >>> import tempfile
    >>> from keras_drop.embedding import Storage
    >>> from keras_drop.embedding.shard import Shard, shard_files
    >>> rows, reasons = {"path": ["a.jpg"]}, {"a.jpg": "it is empty"}
    >>> shard = Shard(tempfile.mkdtemp(), 0)
    >>> shard.write(shard_files(None, None, [None], rows, reasons, Storage()))
    >>> shard.is_whole(), shard.note["unreadable"]
    (True, {'a.jpg': 'it is empty'})
    """

    def __init__(self, folder, number):
        self.path = Path(folder, FOLDER, f"{number:06}")

    def write(self, files):
        """Writes the files of `shard_files` beside, and gives them the name."""
        self.path.parent.mkdir(exist_ok=True)
        unfinished = self.path.with_name(f".{self.path.name}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for name, content in files.items():
            write_flushed(unfinished / name, content)
        flush_names(unfinished)
        if self.path.exists():  # Not whole, else nobody would write it.
            shutil.rmtree(self.path)
        os.rename(unfinished, self.path)
        flush_names(self.path.parent)

    @property
    def note(self):
        """What `shard.json` says: number of images, checksums, unreadable."""
        return json.loads((self.path / NOTE).read_text(encoding="utf-8"))

    def is_whole(self):
        """Whether every file is there and as large as it was."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return all(
                (self.path / name).stat().st_size == told["bytes"]
                for name, told in self.note["files"].items()
            )
        return False

    def wrong_files(self):
        """Paths of the files that are not what was written."""
        return [
            str(self.path / name)
            for name, told in self.note["files"].items()
            if not (self.path / name).is_file()
            or _file_sum(self.path / name) != told["sha256"]
        ]

    def embeddings(self):
        """`(images, parts, dim)` mapped from the file."""
        return np.load(self.path / "embeddings.npy", mmap_mode="r")

    def visibility(self):
        """`(images, parts)` float32."""
        return np.load(self.path / "visibility.npy")

    def columns(self):
        """Dictionary of columns of text."""
        (table,) = self.path.glob("rows.*")
        return read_table_file(table).columns


def shard_files(embeddings, visibility, contents, rows, reasons, storage):
    """Content of the files of a shard, the note last.

    Args:
        embeddings: `(rows, parts, dim)` float32, whatever it is where a file
            cannot be read; `None` where none can.
        visibility: `(rows, parts)` likewise.
        contents: `(rows,)` checksums of the files, `None` where one cannot be
            read.
        rows: Dictionary of the columns of all rows.
        reasons: Dictionary from the paths of files that cannot be read to why.
        storage: `Storage`.

    Returns:
        Dictionary from the names to bytes.

    Raises:
        ValueError: A number that float16 does not have.
    """
    kept = [k for k, content in enumerate(contents) if content is not None]
    lost = set(range(len(contents))) - set(kept)
    files = {}
    if kept:
        columns = {n: [values[k] for k in kept] for n, values in rows.items()}
        columns["content"] = [contents[k] for k in kept]
        files = {
            "embeddings.npy": _npy(_stored(embeddings[kept], storage.dtype)),
            "visibility.npy": _npy(np.asarray(visibility[kept], "float32")),
            f"rows.{storage.table}": _TABLES[storage.table](columns),
        }
    note = {
        "images": len(kept),
        "files": {
            name: {
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in files.items()
        },
        "unreadable": {
            rows["path"][k]: reasons[rows["path"][k]] for k in sorted(lost)
        },
    }
    return {**files, NOTE: json.dumps(note, indent=1).encode()}


def _stored(embeddings, dtype):
    with np.errstate(over="ignore"):
        stored = embeddings.astype(dtype)
    if not np.isfinite(stored).all():
        raise ValueError(
            "An embedding has a value beyond 65,504, which float16 does not "
            "have. Store float32."
        )
    return stored


def _npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _csv(columns):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _parquet(columns):
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ImportError(
            "Parquet needs the package pyarrow: pip install "
            "'keras_drop[parquet]'. Or store the rows as csv."
        ) from error
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


_TABLES = {"csv": _csv, "parquet": _parquet}


def _file_sum(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
