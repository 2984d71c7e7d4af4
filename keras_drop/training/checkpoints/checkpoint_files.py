"""Checkpoints as folders that are whole: written aside, summed, renamed."""

import hashlib
import json
import os
import shutil
from pathlib import Path

SUMS = "SHA256SUMS"
STATE = "state.json"
_DAMAGED = "damaged-"


def write_checkpoint(directory, name, save, state):
    """Writes a checkpoint, whole or not at all, also if the power goes.

    Its files are flushed to the disk before the folder gets its name.
    `sha256sum --check SHA256SUMS`, in it, says whether they still are as they
    were.

    Args:
        directory: Folder of the checkpoints.
        name: Of this one. One of that name is replaced.
        save: Function that writes files to the folder that it gets.
        state: Dictionary of plain values.

    Returns:
        Path of the checkpoint.

    Raises:
        OSError: It could not be written; says where and why.

    Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> from keras_drop.training.checkpoints.checkpoint_files import (
    ...     read_state, write_checkpoint)
    >>> def save(folder):
    ...     (folder / "weights").write_text("1 2 3")
    >>> made = write_checkpoint(tempfile.mkdtemp(), "epoch-000001", save,
    ...     {"epoch": 1})
    >>> read_state(made)
    {'epoch': 1}
    """
    directory = Path(directory)
    aside, former = directory / "incomplete", directory / "replaced"
    try:
        for left_over in (aside, former):
            shutil.rmtree(left_over, ignore_errors=True)
        aside.mkdir(parents=True)
        save(aside)
        (aside / STATE).write_text(json.dumps(state))
        sums = [f"{_sum(file)}  {file.name}\n" for file in _files(aside)]
        (aside / SUMS).write_text("".join(sums))
        for path in (*_files(aside), aside / SUMS, aside):
            _flush(path)
        complete = directory / name
        if complete.exists():
            complete.rename(former)
        aside.rename(complete)
        _flush(directory)
    except OSError as error:
        raise OSError(
            f"No checkpoint could be written to {directory}: "
            f"{error.strerror or error}. Mend that and start the run again; "
            "it goes on from the checkpoint before."
        ) from error
    shutil.rmtree(former, ignore_errors=True)
    return complete


def checkpoints(directory):
    """Paths of the checkpoints in a folder, the oldest first."""
    return sorted(Path(directory).glob("epoch-*"))


def last_intact(directory):
    """The last checkpoint whose files are as they were written.

    Each later one that is not is named in a printed line and put out of the
    way, as `damaged-<name>`.

    Args:
        directory: Folder of the checkpoints.

    Returns:
        Path, `None` if there are no checkpoints.

    Raises:
        ValueError: There are some, all of them damaged.
    """
    found = checkpoints(directory)
    for path in reversed(found):
        damage = what_is_wrong(path)
        if damage is None:
            return path
        print(f"{path} is damaged, {damage}: the one before it counts.")
        aside = path.with_name(_DAMAGED + path.name)
        shutil.rmtree(aside, ignore_errors=True)
        path.rename(aside)
    if found:
        raise ValueError(
            f"All checkpoints in {directory} are damaged. Remove the folder "
            "to begin the run anew."
        )
    return None


def what_is_wrong(path):
    """A few words about the damage of a checkpoint, `None` if it has none."""
    try:
        lines = (path / SUMS).read_text().splitlines()
        sums = dict(reversed(line.split("  ", 1)) for line in lines)
        for name, expected in sums.items():
            if _sum(path / name) != expected:
                return f"{name} is not what was written"
    except (OSError, ValueError) as error:
        return str(error)
    return None if STATE in sums else f"{SUMS} does not name {STATE}"


def read_state(path):
    """The dictionary that a checkpoint was written with."""
    return json.loads((path / STATE).read_text())


def keep(directory, num, best=None):
    """Removes all but the last checkpoints, and damaged ones.

    Args:
        directory: Folder of the checkpoints.
        num: How many are kept.
        best: Path of one that is kept besides.
    """
    directory = Path(directory)
    for path in (
        *checkpoints(directory)[:-num],
        *directory.glob(_DAMAGED + "*"),
    ):
        if path != best:
            shutil.rmtree(path, ignore_errors=True)


def _files(folder):
    return sorted(path for path in folder.iterdir() if path.name != SUMS)


def _sum(file):
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _flush(path):
    """Waits until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
