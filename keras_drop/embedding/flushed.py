"""Files that are on the disk, not only on their way to it."""

import os


def write_flushed(path, content):
    """Writes a new file, and waits until it is on the disk.

    Args:
        path: `pathlib.Path`.
        content: Bytes.
    """
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_names(folder):
    """Waits until the names in a folder are on the disk."""
    if os.name == "nt":  # Folders cannot be opened there.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
