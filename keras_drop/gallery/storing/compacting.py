"""The file of a gallery, written anew."""

import os
import shutil

from keras_drop.gallery.storing.tables import connected


def compact_file(path):
    """Writes a SQLite file anew, without the room of what was deleted.

    The new one is made beside it and takes its place as a whole.

    Args:
        path: The file; nobody writes to it meanwhile.

    Raises:
        OSError: The disk has no room for a second one.

    Example:
    >>> import sqlite3, tempfile
    >>> from keras_drop.gallery.storing.compacting import compact_file
    >>> path = f"{tempfile.mkdtemp()}/gallery.sqlite"
    >>> sqlite3.connect(path).executescript("CREATE TABLE a (b)").close()
    >>> compact_file(path)
    """
    new = f"{path}.new"
    if os.path.exists(new):  # Of a process that was killed.
        os.unlink(new)
    try:
        with connected(path) as connection:
            pages, unused, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            needed = (pages - unused) * size
            free = shutil.disk_usage(os.path.dirname(path) or ".").free
            if needed > free:
                raise OSError(
                    f"{path} is written anew beside itself, which takes "
                    f"{needed / 1e6:,.0f} MB; {free / 1e6:,.0f} MB are free on "
                    "this disk. Make room: nothing was changed."
                )
            connection.execute("VACUUM INTO ?", (new,))
        with open(new, "r+b") as file:
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        if os.path.exists(new):
            os.unlink(new)
        raise
