"""The tables of a gallery's file, and a connection to it."""

import contextlib
import json
import sqlite3

FORMAT = "keras_drop Gallery 2"
# What every image has; further columns are JSON.
FIXED = ("identity", "camera", "time", "path")
# Numbers are never used twice: AUTOINCREMENT. Pixels and embeddings stand apart
# so that a filter reads none of them.
TABLES = f"""
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE images (
    id INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB NOT NULL UNIQUE,
    {", ".join(FIXED)}, columns TEXT NOT NULL, visibility BLOB NOT NULL,
    scales BLOB NOT NULL, checksum INTEGER NOT NULL
);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY, embedding BLOB NOT NULL, thumbnail BLOB
);
INSERT INTO about VALUES ('format', '"{FORMAT}"'), ('generation', '0');
"""
_AT_A_TIME = 500
_OF_THE_SYSTEM = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
)


@contextlib.contextmanager
def connected(path):
    """One connection an operation, so that threads need not share any.

    Raises:
        ValueError: The file is damaged, or another kind of file.
        OSError: It cannot be opened, written or waited for.
    """
    try:
        connection = sqlite3.connect(path, timeout=60)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise ValueError(
                f"{path} is damaged ({error}). `Gallery.check` says more; "
                "take a copy of it that is whole."
            ) from error
        if code in _OF_THE_SYSTEM:
            raise OSError(f"{path}: {error}.") from error
        raise


def generation_of(connection):
    """Number of the changes that were made."""
    return int(
        connection.execute(
            "SELECT value FROM about WHERE key = 'generation'"
        ).fetchone()[0]
    )


def tell(connection, about):
    """Changes what is known about the gallery, and counts the change."""
    for key, value in about.items():
        connection.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?)",
            (key, json.dumps(value)),
        )
    connection.execute(
        "UPDATE about SET value = value + 1 WHERE key = 'generation'"
    )


def in_batches(values):
    """Lists of so many values as SQL takes marks for."""
    values = list(values)
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]
