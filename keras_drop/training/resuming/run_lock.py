"""One process at a time in the folder of a run."""

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nothing is locked.
    fcntl = None


@contextlib.contextmanager
def run_lock(folder):
    """Holds the folder of a run; it is free again when the process ends.

    Args:
        folder: Made if it does not exist.

    Raises:
        ValueError: Another process holds it.
        OSError: The folder cannot be written.

    Example:
    >>> import tempfile
    >>> from keras_drop.training.resuming.run_lock import run_lock
    >>> with run_lock(tempfile.mkdtemp()):
    ...     pass
    """
    folder = Path(folder)
    place = folder / "checkpoints"
    place.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    with open(place / ".lock", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise ValueError(
                f"{folder} is in use by {holder}. Wait for it, or give this "
                "run another `run_dir`."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {os.uname().nodename}")
        file.flush()
        yield
