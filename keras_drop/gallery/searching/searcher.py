import numpy as np

from keras_drop.gallery.searching.found import all_distances, one_each
from keras_drop.gallery.storing.conditions import condition, plain_value
from keras_drop.gallery.storing.vectors import load_vectors


class Searcher:
    """Compares a query with every image of a gallery.

    Args:
        path: Folder of the gallery.
        store: Its `Store`.
        on_disk: Whether embeddings are mapped from a file.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> from keras_drop.evaluation import Distance
    >>> from keras_drop.gallery.searching.searcher import Searcher
    >>> from keras_drop.gallery.storing.store import Store
    >>> path = f"{tempfile.mkdtemp()}/shop.gallery"
    >>> people = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    >>> gallery = Gallery.create(path)
    >>> numbers = gallery.add(people)
    >>> searcher = Searcher(path, Store(path), on_disk=False)
    >>> found = searcher.nearest(people[1:], 1, gallery.about, Distance())
    >>> list(found)
    [2]
    """

    def __init__(self, path, store, on_disk):
        self._path, self._store, self._on_disk = path, store, on_disk
        self._vectors = None

    def nearest(
        self,
        person,
        k,
        about,
        distance,
        *,
        where=None,
        exclude_cameras=(),
        per_identity=False,
    ):
        """Ordered dictionary from the numbers of images to their distances.

        Args:
            person: `Descriptors` of one row.
            k: How many at most.
            about: What is known about the gallery.
            distance: `Distance`.
            where: As of `Gallery.search`.
            exclude_cameras: Likewise.
            per_identity: Likewise.
        """
        vectors = self.vectors(about)
        rows = self._chosen(vectors, where or {}, exclude_cameras, about)
        distances = all_distances(person, vectors.descriptors, rows, distance)
        order = np.argsort(distances, kind="stable")
        if per_identity:
            order = one_each(order, [vectors.identities[r] for r in rows])
        order = order[:k]
        numbers = vectors.numbers[rows[order]].tolist()
        return dict(zip(numbers, distances[order].tolist()))

    def vectors(self, about):
        """`Vectors` as they are now."""
        generation = self._store.generation()
        if self._vectors is None or self._vectors.generation != generation:
            self._vectors = None  # Before the next are read.
            self._vectors = load_vectors(
                self._path, self._store, about, self._on_disk
            )
        return self._vectors

    def forget(self):
        """Lets go of what was read."""
        self._vectors = None

    def _chosen(self, vectors, where, exclude_cameras, about):
        """Ascending rows of the vectors that a search looks at."""
        excluded = [exclude_cameras]
        if not isinstance(exclude_cameras, str | int):
            excluded = list(exclude_cameras)
        if not where and not excluded:
            return np.arange(len(vectors.numbers))
        text, values = condition(where, about["column_names"])
        if excluded:
            marks = ", ".join("?" * len(excluded))
            text += f" AND (camera IS NULL OR camera NOT IN ({marks}))"
            values += [plain_value("exclude_cameras", c) for c in excluded]
        numbers = self._store.numbers(text, values)
        return np.flatnonzero(np.isin(vectors.numbers, numbers))
