import contextlib
import json
import sqlite3
from pathlib import Path

import numpy as np

_FORMAT = "keras_drop Gallery 1"
# What every image has; further columns are JSON.
FIXED = ("identity", "camera", "time", "path")
# Numbers are never used twice: AUTOINCREMENT. Pixels and embeddings stand apart
# so that a filter reads none of them.
_TABLES = f"""
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE images (
    id INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB NOT NULL UNIQUE,
    {", ".join(FIXED)}, columns TEXT NOT NULL, visibility BLOB NOT NULL
);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY, embedding BLOB NOT NULL, thumbnail BLOB
);
INSERT INTO about VALUES ('format', '"{_FORMAT}"'), ('generation', '0');
"""
_AT_A_TIME = 500


class Store:
    """What a gallery knows: a SQLite file, the truth that all else follows.

    Every change is one transaction: after a power cut or a kill it is there
    as a whole or not at all. What is deleted is overwritten with zeros. Any
    number of processes read while one writes.

    Args:
        folder: Of the gallery; it holds `gallery.sqlite`.

    Example:
    >>> import tempfile
    >>> from keras_drop.gallery.storing.store import Store
    >>> store = Store(tempfile.mkdtemp())
    >>> store.create({"part_names": ["head"]})
    >>> store.about()["part_names"], store.count()
    (['head'], 0)
    """

    def __init__(self, folder):
        self.path = Path(folder, "gallery.sqlite")

    def create(self, about):
        """Makes the file, with what there is to know about the gallery."""
        with self._connected() as connection:
            connection.executescript(f"BEGIN; {_TABLES} COMMIT;")
            _tell(connection, about)

    def about(self):
        """Dictionary of what is known about the gallery.

        Raises:
            ValueError: Something else wrote the file.
        """
        try:
            with self._connected() as connection:
                rows = connection.execute("SELECT key, value FROM about")
                about = {key: json.loads(value) for key, value in rows}
        except sqlite3.DatabaseError as error:
            raise ValueError(
                f"{self.path} cannot be read as a gallery: {error}."
            ) from None
        if about.pop("format", None) != _FORMAT:
            raise ValueError(
                f"{self.path} was not written by this version: it does not "
                f"say {_FORMAT!r}."
            )
        return about

    def tell(self, about):
        """Changes what is known about the gallery."""
        with self._connected() as connection:
            _tell(connection, about)

    def count(self):
        """Number of images."""
        with self._connected() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM images"
            ).fetchone()
            return count

    def known(self, contents):
        """Dictionary from those of some content hashes that are there.

        Returns:
            To the pair of the image's number and its identity.
        """
        found = {}
        with self._connected() as connection:
            for some in _batches(contents):
                marks = ", ".join("?" * len(some))
                rows = connection.execute(
                    "SELECT content, id, identity FROM images "
                    f"WHERE content IN ({marks})",
                    some,
                )
                found.update({row[0]: row[1:] for row in rows})
        return found

    def add(self, rows, named, about):
        """Adds images, and names some that are there: all of it or nothing.

        Args:
            rows: Dictionaries of `content`, the fixed columns, `columns`,
                `visibility` and `embedding` as bytes, and `thumbnail`.
            named: Pairs of an identity and the number of its image.
            about: What is known about the gallery after that.
        """
        names = ("content", *FIXED, "columns", "visibility")
        marks = ", ".join("?" * len(names))
        with self._connected() as connection:
            for row in rows:
                cursor = connection.execute(
                    f"INSERT INTO images ({', '.join(names)}) VALUES ({marks})",
                    [row[name] for name in names],
                )
                connection.execute(
                    "INSERT INTO vectors VALUES (?, ?, ?)",
                    (cursor.lastrowid, row["embedding"], row["thumbnail"]),
                )
            connection.executemany(
                "UPDATE images SET identity = ? WHERE id = ?", named
            )
            _tell(connection, about)

    def remove(self, numbers):
        """Deletes images by their numbers, all of them or none."""
        rows = [(number,) for number in numbers]
        with self._connected() as connection:
            for table in ("vectors", "images"):
                connection.executemany(
                    f"DELETE FROM {table} WHERE id = ?", rows
                )
            _tell(connection, {})

    def compact(self):
        """Writes the file anew, without the room of what was deleted."""
        with self._connected() as connection:
            connection.commit()
            connection.execute("VACUUM")

    def numbers(self, condition="1", values=()):
        """Ascending `(n,)` numbers of the images that meet an SQL condition."""
        with self._connected() as connection:
            rows = connection.execute(
                f"SELECT id FROM images WHERE {condition} ORDER BY id", values
            )
            return np.array([row[0] for row in rows], "int64")

    def snapshot(self):
        """Generation, `(n,)` numbers, identities and visibility, as bytes."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            generation = _generation(connection)
            rows = connection.execute(
                "SELECT id, identity, visibility FROM images ORDER BY id"
            ).fetchall()
        numbers, identities, visibility = zip(*rows) if rows else ((),) * 3
        return (
            generation,
            np.array(numbers, "int64"),
            identities,
            b"".join(visibility),
        )

    def generation(self):
        """Number of the changes that were made."""
        with self._connected() as connection:
            return _generation(connection)

    def embeddings(self, after):
        """Pairs of number and embedding, of all images after a number."""
        with self._connected() as connection:
            yield from connection.execute(
                "SELECT id, embedding FROM vectors WHERE id > ? ORDER BY id",
                (int(after),),
            )

    def rows(self, numbers):
        """List of dictionaries of what is stored of some images, by number."""
        names = (*FIXED, "columns", "visibility", "embedding", "thumbnail")
        found = {}
        with self._connected() as connection:
            for some in _batches(map(int, numbers)):
                marks = ", ".join("?" * len(some))
                for number, *values in connection.execute(
                    f"SELECT images.id, {', '.join(names)} FROM images "
                    f"JOIN vectors USING (id) WHERE images.id IN ({marks})",
                    some,
                ):
                    found[number] = dict(zip(names, values), id=number)
        return [found[int(n)] for n in numbers if int(n) in found]

    @contextlib.contextmanager
    def _connected(self):
        """One connection an operation, so that threads need not share any."""
        connection = sqlite3.connect(self.path, timeout=60)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection
        finally:
            connection.close()


def _generation(connection):
    return int(
        connection.execute(
            "SELECT value FROM about WHERE key = 'generation'"
        ).fetchone()[0]
    )


def _tell(connection, about):
    for key, value in about.items():
        connection.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?)",
            (key, json.dumps(value)),
        )
    connection.execute(
        "UPDATE about SET value = value + 1 WHERE key = 'generation'"
    )


def _batches(values):
    values = list(values)
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]
