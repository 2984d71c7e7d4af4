from pathlib import Path

import numpy as np

from keras_drop.gallery.engines.concatenated import concatenated, patterns_of
from keras_drop.gallery.engines.milvus_collection import MilvusCollection
from keras_drop.gallery.engines.milvus_folder import forget_folder, lite_folder
from keras_drop.gallery.engines.milvus_state import MilvusState, state_file
from keras_drop.gallery.storing.described import described_of, part_values
from keras_drop.gallery.storing.lock import write_lock

_AT_A_TIME = 2_000


class MilvusCopy:
    """A copy of a gallery in Milvus, which follows the gallery's own file.

    It may lag behind, be lost or be half written: what it has and what the
    file has are compared before it is used, and it is made again of the file.

    Args:
        folder: Of the gallery.
        store: Its `Store`.
        uri: Of a server, or `None` for Milvus Lite in the gallery's folder.
    """

    def __init__(self, folder, store, uri=None):
        self._folder, self._store, self._uri = Path(folder), store, uri
        self._file = state_file(folder, uri)
        self._lite = lite_folder(folder)
        self._collection = None
        self.state = MilvusState()

    def collection(self, about):
        """`MilvusCollection`, opened when it is first needed."""
        if self._collection is None:
            size = len(about["part_names"]) * about["embedding_size"]
            name = f"keras_drop_{about['name']}"
            if self._uri is not None:
                self._collection = MilvusCollection(self._uri, name, size)
                return self._collection
            self._lite.parent.mkdir(exist_ok=True)
            try:
                self._collection = MilvusCollection(self._lite, name, size)
            except (BlockingIOError, ImportError, ValueError):
                raise
            except Exception:
                # Killed while it wrote, and beyond its own repair.
                forget_folder(self._folder)
                self._lite.parent.mkdir(exist_ok=True)
                self._collection = MilvusCollection(self._lite, name, size)
        return self._collection

    def follow(self, about, distance):
        """Makes it like the gallery, if nobody is writing to that.

        Returns:
            Whether it is.
        """
        if self.state.generation == self._store.generation():
            return True
        try:
            with write_lock(self._folder):
                self.follow_locked(about, distance)
        except BlockingIOError:
            if self.state.generation < 0:
                self.state = MilvusState.load(self._file)
            return False
        return True

    def follow_locked(self, about, distance):
        """As `follow`, by one who holds the lock of the gallery."""
        collection = self.collection(about)
        generation = self._store.generation()
        state = MilvusState.load(self._file)
        if generation == state.generation:
            if collection.count() == state.count:
                self.state = state
                return
            state = MilvusState()
        last = self._store.last_number()
        count = self._store.count()
        # Numbers are never given twice: as many as before are the same ones.
        before = self._store.count("id <= ?", [state.last])
        added = state.generation >= 0 and before == state.count
        if added:
            numbers = self._store.numbers("id > ?", [state.last])
            self._write(numbers, about, distance)
        if not added or collection.count() != count:
            self._repair(about, distance)
        patterns, graded = kinds_in(self._store, about, distance)
        collection.flush()
        self.state = MilvusState(generation, count, last, patterns, graded)
        self._file.parent.mkdir(exist_ok=True)
        self.state.save(self._file)

    def says_that_it_follows(self):
        """Whether its state, true or not, is that of the gallery."""
        return (
            MilvusState.load(self._file).generation == self._store.generation()
        )

    def errors(self, about):
        """List of how it differs from the gallery that it says to follow."""
        there = self.collection(about).numbers(self._store.last_number())
        wanted = set(self._store.numbers().tolist())
        return [
            f"{len(numbers):,} images {what}, the first is {min(numbers)}"
            for numbers, what in (
                (wanted - there, "are missing"),
                (there - wanted, "were removed and are still there"),
            )
            if numbers
        ]

    def _repair(self, about, distance):
        """Compares all numbers, whatever is known."""
        collection = self.collection(about)
        numbers = self._store.numbers()
        there = collection.numbers(self._store.last_number())
        collection.delete(sorted(there - set(numbers.tolist())))
        missing = numbers[~np.isin(numbers, list(there))]
        self._write(missing, about, distance)

    def _write(self, numbers, about, distance):
        collection = self.collection(about)
        for start in range(0, len(numbers), _AT_A_TIME):
            some = described_of(
                self._store.described(numbers[start : start + _AT_A_TIME]),
                about,
            )
            vectors, seen = concatenated(
                some.embeddings, some.scales, some.visibility, distance
            )
            collection.upsert(some.numbers, vectors, seen)

    def forget(self):
        """Deletes what Milvus Lite wrote; a server gives back its room."""
        if self._collection is not None and self._uri is not None:
            self._collection.compact()
        self.forget_lite()

    def forget_lite(self):
        """Ends the connection, and deletes what Milvus Lite wrote."""
        self.close()
        forget_folder(self._folder)

    def close(self):
        """Ends the connection."""
        if self._collection is not None:
            self._collection.close()
        self._collection, self.state = None, MilvusState()


def kinds_in(store, about, distance):
    """Tuple of the patterns of visible parts, and whether any is graded."""
    kinds = part_values(b"".join(store.visibility_kinds()), about)
    patterns = patterns_of(kinds, distance) if len(kinds) else np.zeros(0, int)
    graded = ((kinds != 0) & (kinds != 1)).any()
    return tuple(np.unique(patterns).tolist()), bool(graded)
