"""One writer at a time, told by a file that the system unlocks for the dead."""

import contextlib
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows.
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def write_lock(folder):
    """Holds the lock of a folder; it ends with the process, however it ends.

    Args:
        folder: It gets a file `lock`, which stays.

    Raises:
        BlockingIOError: Somebody else has it.

    Example:
    >>> import tempfile
    >>> from keras_drop.gallery.storing.lock import write_lock
    >>> with write_lock(tempfile.mkdtemp()):
    ...     pass
    """
    with open(Path(folder, "lock"), "a+b") as file:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError(
                f"{folder} is being written by another process, or by another "
                "`Gallery` of this one. Wait until it is done; searching is "
                "possible meanwhile."
            ) from None
        yield
