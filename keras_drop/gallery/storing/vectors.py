"""The embeddings of a gallery as one array: in memory, or a mapped file."""

import dataclasses
import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np

from keras_drop.evaluation.cards.json_file import write_json
from keras_drop.gallery.storing.described import Described, part_values
from keras_drop.gallery.storing.lock import write_lock

FOLDER = "vectors"
_LOCK = "vectors.lock"


@dataclasses.dataclass(frozen=True, eq=False)
class Vectors:
    """What is searched, as it was at one moment.

    Args:
        generation: Of the store: the number of its changes.
        identities: `(n,)` their identities, `None` where nobody knows.
        described: `Described` of the images, in this order.
    """

    generation: int
    identities: tuple
    described: Described


def load_vectors(folder, store, about, on_disk):
    """`Vectors` of all images of a gallery.

    Args:
        folder: Of the gallery.
        store: Its `Store`.
        about: What is known about it.
        on_disk: Whether embeddings are mapped from a file, which is made of
            the store, and made longer where images were added. While somebody
            else makes it, and where the folder may not be written, they are
            read into memory all the same.
    """
    shape = len(about["part_names"]), about["embedding_size"]
    dtype = np.dtype(about["precision"])
    if on_disk:
        try:
            with write_lock(folder, _LOCK):
                found = store.snapshot()
                path = Path(folder, FOLDER)
                mapped = _mapped(path, store, found[1], shape, dtype)
                return _vectors(about, found, mapped)
        except OSError as error:
            if not (
                isinstance(error, BlockingIOError)
                or error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
            ):
                raise
    while True:
        found = store.snapshot()
        embeddings = np.empty((len(found[1]), *shape), dtype)
        for row, (_, values) in zip(embeddings, store.embeddings(0)):
            row[:] = np.frombuffer(values, dtype).reshape(shape)
        if store.generation() == found[0]:
            return _vectors(about, found, embeddings)


def no_vectors_are_written(folder):
    """Context in which no search makes the file; one that does is waited for.

    Who removes images holds it from before the file is deleted until the
    store has them no more, or a search would write them down again.
    """
    return write_lock(folder, _LOCK, wait=True)


def forget_vectors(folder):
    """Deletes what was made of the store, before images are removed."""
    if Path(folder, FOLDER).exists():
        shutil.rmtree(Path(folder, FOLDER))


def _vectors(about, found, embeddings):
    generation, numbers, identities, *bits = found
    values = [part_values(some, about) for some in bits]
    names = tuple(about["part_names"])
    described = Described(numbers, *values, embeddings, names)
    return Vectors(generation, identities, described)


def _mapped(folder, store, numbers, shape, dtype):
    if not len(numbers):
        return np.empty((0, *shape), dtype)
    folder.mkdir(exist_ok=True)
    data, state = folder / "embeddings", folder / "state.json"
    size = dtype.itemsize * int(np.prod(shape))
    count, last = _written(data, state, size, numbers)
    if count < len(numbers):
        state.unlink(missing_ok=True)
        with open(data, "r+b" if data.exists() else "w+b") as file:
            file.truncate(count * size)
            file.seek(count * size)
            # Others may add meanwhile, whom the next search writes down.
            for _, (_, values) in zip(numbers[count:], store.embeddings(last)):
                file.write(values)
            file.flush()
            os.fsync(file.fileno())
        write_json(state, {"count": len(numbers), "last": int(numbers[-1])})
    return np.memmap(data, dtype, "r", shape=(len(numbers), *shape))


def _written(data, state, size, numbers):
    """How many embeddings the file has, and the number of the last."""
    try:
        known = json.loads(state.read_text())
        count, last = known["count"], known["last"]
        fits = (
            0 < count <= len(numbers)
            and numbers[count - 1] == last
            and data.stat().st_size >= count * size
        )
    except (OSError, ValueError, KeyError, TypeError):
        fits = False
    return (count, last) if fits else (0, 0)
