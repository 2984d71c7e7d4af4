import json
import sqlite3
from pathlib import Path

import numpy as np

from keras_drop.gallery.storing.tables import (
    FIXED,
    FORMAT,
    TABLES,
    connected,
    generation_of,
    in_batches,
    tell,
)

_DESCRIBED = ("columns", "visibility", "scales", "checksum")


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
        with connected(self.path) as connection:
            connection.executescript(f"BEGIN; {TABLES} COMMIT;")
            tell(connection, about)

    def about(self):
        """Dictionary of what is known about the gallery.

        Raises:
            ValueError: Something else wrote the file.
        """
        try:
            with connected(self.path) as connection:
                rows = connection.execute("SELECT key, value FROM about")
                about = {key: json.loads(value) for key, value in rows}
        except (sqlite3.DatabaseError, ValueError) as error:
            raise ValueError(
                f"{self.path} cannot be read as a gallery: "
                f"{error.__cause__ or error}."
            ) from None
        if about.pop("format", None) != FORMAT:
            raise ValueError(
                f"{self.path} was not written by this version: it does not "
                f"say {FORMAT!r}."
            )
        return about

    def tell(self, about):
        """Changes what is known about the gallery."""
        with connected(self.path) as connection:
            tell(connection, about)

    def count(self, condition="1", values=()):
        """Number of images, of those that meet an SQL condition."""
        with connected(self.path) as connection:
            (count,) = connection.execute(
                f"SELECT count(*) FROM images WHERE {condition}", values
            ).fetchone()
            return count

    def known(self, contents):
        """Dictionary from those of some content hashes that are there.

        Returns:
            To the pair of the image's number and its identity.
        """
        found = {}
        with connected(self.path) as connection:
            for some in in_batches(contents):
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
                `visibility`, `scales` and `embedding` as bytes, `checksum`
                and `thumbnail`.
            named: Pairs of an identity and the number of its image.
            about: What is known about the gallery after that.
        """
        names = ("content", *FIXED, *_DESCRIBED)
        marks = ", ".join("?" * len(names))
        with connected(self.path) as connection:
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
            tell(connection, about)

    def remove(self, numbers):
        """Deletes images by their numbers, all of them or none."""
        rows = [(number,) for number in numbers]
        with connected(self.path) as connection:
            for table in ("vectors", "images"):
                connection.executemany(
                    f"DELETE FROM {table} WHERE id = ?", rows
                )
            tell(connection, {})

    def numbers(self, condition="1", values=()):
        """Ascending `(n,)` numbers of the images that meet an SQL condition."""
        with connected(self.path) as connection:
            rows = connection.execute(
                f"SELECT id FROM images WHERE {condition} ORDER BY id", values
            )
            return np.array([row[0] for row in rows], "int64")

    def last_number(self):
        """The highest number that was ever given."""
        with connected(self.path) as connection:
            row = connection.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'images'"
            ).fetchone()
            return row[0] if row else 0

    def snapshot(self):
        """Generation, `(n,)` numbers, identities; visibility, scales: bytes."""
        with connected(self.path) as connection:
            connection.execute("BEGIN")
            generation = generation_of(connection)
            rows = connection.execute(
                "SELECT id, identity, visibility, scales FROM images "
                "ORDER BY id"
            ).fetchall()
        numbers, identities, *bits = zip(*rows) if rows else ((),) * 4
        return (
            generation,
            np.array(numbers, "int64"),
            identities,
            *map(b"".join, bits),
        )

    def generation(self):
        """Number of the changes that were made."""
        with connected(self.path) as connection:
            return generation_of(connection)

    def embeddings(self, after):
        """Pairs of number and embedding, of all images after a number."""
        with connected(self.path) as connection:
            yield from connection.execute(
                "SELECT id, embedding FROM vectors WHERE id > ? ORDER BY id",
                (int(after),),
            )

    def visibility(self, condition="1", values=()):
        """Pairs of number and visibility, of images by number."""
        with connected(self.path) as connection:
            yield from connection.execute(
                f"SELECT id, visibility FROM images WHERE {condition} "
                "ORDER BY id",
                values,
            )

    def visibility_kinds(self):
        """List of the different visibility of all images, as bytes."""
        with connected(self.path) as connection:
            rows = connection.execute("SELECT DISTINCT visibility FROM images")
            return [row[0] for row in rows]

    def identities(self, numbers):
        """Dictionary from some numbers to identities."""
        found = {}
        with connected(self.path) as connection:
            for some in in_batches(map(int, numbers)):
                marks = ", ".join("?" * len(some))
                found.update(
                    connection.execute(
                        "SELECT id, identity FROM images "
                        f"WHERE id IN ({marks})",
                        some,
                    )
                )
        return found

    def described(self, numbers):
        """Quadruples of number, visibility, scales and embedding, by number.

        Those that are not there are left out.
        """
        with connected(self.path) as connection:
            for some in in_batches(map(int, np.sort(numbers))):
                marks = ", ".join("?" * len(some))
                yield from connection.execute(
                    "SELECT id, visibility, scales, embedding FROM images "
                    f"JOIN vectors USING (id) WHERE id IN ({marks}) "
                    "ORDER BY id",
                    some,
                )

    def checked(self):
        """Quadruples of number, visibility, embedding and checksum, of all."""
        with connected(self.path) as connection:
            yield from connection.execute(
                "SELECT id, visibility, embedding, checksum FROM images "
                "JOIN vectors USING (id) ORDER BY id"
            )

    def vector_numbers(self):
        """Ascending `(n,)` numbers of all embeddings."""
        with connected(self.path) as connection:
            rows = connection.execute("SELECT id FROM vectors ORDER BY id")
            return np.array([row[0] for row in rows], "int64")

    def errors(self):
        """List of what SQLite finds wrong with its file."""
        try:
            with connected(self.path) as connection:
                rows = connection.execute("PRAGMA integrity_check").fetchall()
        except (sqlite3.DatabaseError, ValueError) as error:
            return [str(error)]
        return [text for (text,) in rows if text != "ok"]

    def rows(self, numbers):
        """List of dictionaries of what is stored of some images, by number."""
        names = (*FIXED, "columns", "visibility", "embedding", "thumbnail")
        found = {}
        with connected(self.path) as connection:
            for some in in_batches(map(int, numbers)):
                marks = ", ".join("?" * len(some))
                for number, *values in connection.execute(
                    f"SELECT images.id, {', '.join(names)} FROM images "
                    f"JOIN vectors USING (id) WHERE images.id IN ({marks})",
                    some,
                ):
                    found[number] = dict(zip(names, values), id=number)
        return [found[int(n)] for n in numbers if int(n) in found]
