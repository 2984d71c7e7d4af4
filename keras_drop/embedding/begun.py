"""What a folder of embedded images was begun with; all else is refused."""

import contextlib
import dataclasses
import json
import os
from pathlib import Path

from keras_drop.embedding.flushed import flush_names, write_flushed
from keras_drop.embedding.image_columns import columns_checksum
from keras_drop.evaluation.cards.json_file import read_json
from keras_drop.evaluation.cards.model_description import software_versions
from keras_drop.gallery.storing.lock import write_lock

MANIFEST = "embedded.json"
_FORMAT = "keras_drop embedded images 1"
# Told, and not compared.
_FREE = ("source", "software")


def told_of(embedder, image_size, columns, storage):
    """Dictionary of all that makes descriptors what they are.

    Args:
        embedder: `Embedder`.
        image_size: `(height, width)`, `None` where the model resizes.
        columns: Of `image_columns`.
        storage: `Storage`.
    """
    return {
        "format": _FORMAT,
        "model": embedder.name,
        "checksum": embedder.checksum,
        "part_schema": embedder.part_schema,
        "part_names": list(embedder.part_names),
        "image_size": None if image_size is None else list(image_size),
        **dataclasses.asdict(storage),
        "images": len(columns["path"]),
        "columns": list(columns),
        "data": columns_checksum(columns),
        "source": embedder.source,
        "software": software_versions(),
    }


def begin(folder, told):
    """Writes what a folder is begun with, or compares it with what is there.

    Raises:
        ValueError: It was begun with something else, or is another folder.
    """
    path = Path(folder, MANIFEST)
    if not path.exists():
        refuse_foreign(folder, [p.name for p in Path(folder).iterdir()])
        part = path.with_name(f".{MANIFEST}.part")
        write_flushed(part, json.dumps(told, indent=1).encode())
        os.replace(part, path)
        flush_names(folder)
        return
    refuse_other(folder, read_begun(folder), told)


def refuse_foreign(folder, names):
    """Refuses a folder that has something, though nothing was begun in it.

    Raises:
        ValueError: It has, hidden files and the lock apart.
    """
    others = [name for name in names if name[0] != "." and name != "lock"]
    if others:
        raise ValueError(
            f"{folder} has no {MANIFEST}, but {min(others)}: it is not a "
            "folder of embedded images. Give a new one."
        )


def refuse_other(folder, before, told):
    """Refuses what a folder was not begun with, by the first difference.

    Raises:
        ValueError: There is one.
    """
    for name, value in told.items():
        if name not in _FREE and before.get(name) != value:
            raise ValueError(
                f"{folder} was begun with {name} {_shown(before.get(name))}; "
                f"this is {_shown(value)}. Go on with what it was begun with, "
                "or give another folder."
            )


def read_begun(folder):
    """What a folder was begun with.

    Raises:
        FileNotFoundError: There are no embedded images.
        ValueError: Another version wrote it.
    """
    path = Path(folder, MANIFEST)
    if not path.is_file():
        raise FileNotFoundError(
            f"There are no embedded images in {folder}: it has no {MANIFEST}."
        )
    return checked_begun(read_json(path), path)


def checked_begun(told, path):
    """What a manifest says, if this version wrote it.

    Raises:
        ValueError: Another did.
    """
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise ValueError(
            f"{path} was not written by this version: it does not say "
            f"{_FORMAT!r}."
        )
    return told


@contextlib.contextmanager
def one_writer(folder):
    """Makes a folder, and holds its lock.

    Raises:
        BlockingIOError: Another process has it.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(write_lock(folder))
        except BlockingIOError:
            raise BlockingIOError(
                f"{folder} is being written by another process. Wait until "
                "it is done, or give another folder."
            ) from None
        yield


def _shown(value):
    return f"{value!r:.70}"
