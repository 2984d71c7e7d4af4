"""The folder of a Milvus Lite: who has it open, and letting go of it."""

import os
import shutil
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, which Milvus Lite does not run on.
    fcntl = None

# Of this process; a lock does not say whose it is.
_MINE = set()


def lite_folder(folder):
    """Where Milvus Lite keeps the copy of a gallery."""
    return Path(folder, "milvus", "lite.db")


def forget_folder(folder):
    """Deletes the copy that Milvus Lite keeps of a gallery.

    Raises:
        BlockingIOError: Another process searches in it.
    """
    copy = lite_folder(folder)
    if is_open(copy):
        raise BlockingIOError(
            f"{copy} is open in another process, which searches in it. Close "
            "that one first: nothing was changed."
        )
    release(copy)
    copy.with_suffix(".json").unlink(missing_ok=True)
    shutil.rmtree(copy, ignore_errors=True)


def is_open(folder):
    """Whether another process has it open."""
    lock = Path(folder, "LOCK")
    if fcntl is None or not lock.exists() or _place(folder) in _MINE:
        return False
    with open(lock, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def take(folder):
    """Says that this process runs a server on it."""
    _MINE.add(_place(folder))


def release(folder):
    """Ends the server that this process runs on it."""
    _MINE.discard(_place(folder))
    if "milvus_lite.server_manager" in sys.modules:
        manager = sys.modules["milvus_lite.server_manager"]
        manager.server_manager_instance.release_server(str(folder))


def _place(folder):
    return os.path.abspath(folder)
