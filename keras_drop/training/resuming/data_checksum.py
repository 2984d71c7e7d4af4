"""Which images a run has learnt, in a few letters."""

import hashlib
import os
from pathlib import Path


def data_checksum(records):
    """Checksum of names, sizes, people and cameras of images and labels.

    It does not read the images, and where the folder lies does not count.

    Args:
        records: `Records`.

    Returns:
        String.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.training.resuming.data_checksum import data_checksum
    >>> here = Records(["here/a.jpg"], [7], [0])
    >>> there = Records(["there/a.jpg"], [7], [0])
    >>> data_checksum(here) == data_checksum(there)
    True
    """
    total = hashlib.sha256()
    for path, identity, camera, label in zip(
        records.paths,
        records.identities,
        records.cameras,
        records.parsing_paths,
        strict=True,
    ):
        row = (_seen(path), int(identity), int(camera), _seen(label))
        total.update(repr(row).encode())
    return total.hexdigest()[:16]


def _seen(path):
    """Name and size of a file; no size if it is not there."""
    name = Path(str(path)).name
    try:
        return name, os.stat(str(path)).st_size
    except OSError:
        return name, None
