"""One writer at a time, told by a file that the system unlocks for the dead."""

import contextlib
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows.
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def write_lock(folder, name="lock", wait=False):
    """Holds the lock of a folder; it ends with the process, however it ends.

    Args:
        folder: It gets a file of this name, which stays.
        name: Of the lock.
        wait: Whether to wait for somebody else who has it; on Windows for
            ten seconds.

    Raises:
        BlockingIOError: Somebody else has it.

    Example:
    >>> import tempfile
    >>> from keras_drop.gallery.storing.lock import write_lock
    >>> with write_lock(tempfile.mkdtemp()):
    ...     pass
    """
    with open(Path(folder, name), "a+b") as file:
        try:
            if fcntl is not None:
                now = 0 if wait else fcntl.LOCK_NB
                fcntl.flock(file, fcntl.LOCK_EX | now)
            else:
                file.seek(0)
                kind = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK
                msvcrt.locking(file.fileno(), kind, 1)
        except OSError:
            raise BlockingIOError(
                f"{folder} is being written by another process, or by another "
                "`Gallery` of this one. Wait until it is done; searching is "
                "possible meanwhile."
            ) from None
        yield
