"""Files that can be opened without waiting, and archives that stay small."""

import os
import stat
from pathlib import Path

# Of an image or a label.
MAX_BYTES = 2**29
_RATIO = 100
_ALWAYS = 2**30


def check_regular_file(path, max_bytes=None):
    """Refuses what would block or never end, and what is empty or too large.

    Args:
        path: The file; a link to one will do.
        max_bytes: How large it may be.

    Returns:
        Its size in bytes.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is a folder, a pipe, a device, empty or too large; the
            message is half a sentence, to follow its name.

    Example:
    >>> from keras_drop.files.regular_file import check_regular_file
    >>> check_regular_file("/dev/zero")
    Traceback (most recent call last):
    ValueError: it is a folder, a pipe or a device
    """
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is a folder, a pipe or a device")
    if not status.st_size:
        raise ValueError("it is empty")
    if max_bytes is not None and status.st_size > max_bytes:
        raise ValueError(
            f"it has {status.st_size:,} bytes, the limit is {max_bytes:,}"
        )
    return status.st_size


def regular_bytes(path):
    """Content of a file that an image or a label could be.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: As of `check_regular_file`, but by its name.

    Example:
    >>> from keras_drop.files.regular_file import regular_bytes
    >>> regular_bytes("/dev/zero")
    Traceback (most recent call last):
    ValueError: /dev/zero cannot be read: it is a folder, a pipe or a device.
    """
    try:
        check_regular_file(path, MAX_BYTES)
    except ValueError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from None
    return Path(path).read_bytes()


def check_expansion(stored, expanded):
    """Refuses an archive that says it expands to very much more than it is.

    Up to 1 GiB may be anything, above that 100 times the file.

    Args:
        stored: Bytes of the archive.
        expanded: Bytes of what is to be read of it.

    Raises:
        ValueError: It is too much; half a sentence, as above.
    """
    if expanded > max(_ALWAYS, _RATIO * stored):
        raise ValueError(
            f"its {stored:,} bytes expand to {expanded:,}, more than "
            f"{_RATIO} times as many"
        )
