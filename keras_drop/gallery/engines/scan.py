import numpy as np

from keras_drop.evaluation.distances.part_distances import NO_COMMON_PART
from keras_drop.gallery.engines.coarse_distances import (
    coarse_distances,
    slack_of,
)
from keras_drop.gallery.engines.milvus_folder import forget_folder
from keras_drop.gallery.engines.ranking import (
    exact_distances,
    in_order,
    one_each,
    within_reach,
)
from keras_drop.gallery.storing.vectors import forget_vectors, load_vectors

# Distances that are held at once, 256 MB.
_DISTANCES = 1 << 26
# Queries that share one reading of the embeddings.
_QUERIES = 256


class Scan:
    """Compares a query with every image: the engines on disk and in memory.

    All embeddings are read once, as they are, for distances up to rounding;
    those who can be among the nearest are compared as evaluation does, to
    the last bit. Nothing is prepared and nothing kept but a mapped file.

    Args:
        path: Folder of the gallery.
        store: Its `Store`.
        on_disk: Whether embeddings are mapped from a file.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> from keras_drop.evaluation import Distance
    >>> from keras_drop.gallery.engines.scan import Scan
    >>> from keras_drop.gallery.storing.store import Store
    >>> path = f"{tempfile.mkdtemp()}/shop.gallery"
    >>> people = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    >>> gallery = Gallery.create(path)
    >>> numbers = gallery.add(people)
    >>> scan = Scan(path, Store(path), on_disk=False)
    >>> scan.nearest(people[1:], 1, gallery.about, Distance())
    [{2: 0.0}]
    """

    def __init__(self, path, store, on_disk):
        self._path, self._store, self._on_disk = path, store, on_disk
        self._vectors = None

    def nearest(
        self, people, k, about, distance, *, chosen=None, per_identity=False
    ):
        """For each of some people the nearest images, nearest first.

        Args:
            people: `Descriptors`, one row a person.
            k: How many images at most.
            about: What is known about the gallery.
            distance: `Distance`.
            chosen: SQL condition and its values, which images are looked at.
            per_identity: Whether only the nearest of each identity counts.

        Returns:
            List of ordered dictionaries from numbers to distances.
        """
        vectors = self.vectors(about)
        described = vectors.described
        rows = np.arange(len(described))
        if chosen is not None:
            numbers = self._store.numbers(*chosen)
            rows = np.flatnonzero(np.isin(described.numbers, numbers))
        identities = codes = None
        if per_identity:
            identities = np.array(vectors.identities, object)[rows]
            codes = _codes(identities)
        together = min(_QUERIES, max(_DISTANCES // max(len(rows), 1), 1))
        found = []
        for start in range(0, len(people), together):
            some = people[start : start + together]
            coarse = coarse_distances(some, described, rows, distance)
            found += _of_coarse(
                some, coarse, described, rows, distance, k, identities, codes
            )
        return found

    def vectors(self, about):
        """`Vectors` as they are now."""
        generation = self._store.generation()
        if self._vectors is None or self._vectors.generation != generation:
            self._vectors = None  # Before the next are read.
            self._vectors = load_vectors(
                self._path, self._store, about, self._on_disk
            )
        return self._vectors

    def copy_errors(self, about, distance):
        """List of how the mapped file differs from the store."""
        vectors = self.vectors(about)
        wrong = [
            number
            for (number, values), mapped in zip(
                self._store.embeddings(0), vectors.described.embeddings
            )
            if values != mapped.tobytes()
        ]
        if not wrong:
            return []
        return [f"{len(wrong):,} images differ, the first is {wrong[0]}"]

    def before_removal(self):
        """Deletes all copies, before images are removed from the store."""
        self.forget()

    def after_removal(self, about, distance):
        """Follows the store, which has fewer images now: nothing to do."""

    def forget(self):
        """Lets go of what was read, and deletes all copies on this disk."""
        self._vectors = None
        forget_folder(self._path)
        forget_vectors(self._path)

    def close(self):
        """Lets go of what was read."""
        self._vectors = None


def _of_coarse(people, coarse, described, rows, distance, k, identities, codes):
    slack = slack_of(distance)
    farthest = distance.no_common == "max_plus_1"
    near = [within_reach(values, k, slack, codes) for values in coarse]
    far = [_farthest(values, slack) if farthest else [] for values in coarse]
    places = np.unique(np.concatenate([*near, *far])).astype(int)
    chosen = rows[places]
    exact = exact_distances(
        people, described.part(chosen), distance, len(described)
    )
    found = []
    for values, close, away, row in zip(coarse, near, far, exact):
        of_person = row[np.searchsorted(places, close)]
        order = in_order(
            of_person, k, None if identities is None else identities[close]
        )
        kept, distances = close[order], of_person[order].tolist()
        last = NO_COMMON_PART
        if farthest:
            last = row[np.searchsorted(places, away)].max(initial=0) + 1
        missing = k - len(kept)
        if missing:
            others = np.flatnonzero(np.isinf(values))
            if identities is not None:
                seen = {name for name in identities[kept] if name is not None}
                others = one_each(others, identities, missing, seen)
            kept = np.concatenate([kept, others[:missing]])
            distances += [float(last)] * (len(kept) - len(distances))
        numbers = described.numbers[rows[kept]].tolist()
        found.append(dict(zip(numbers, distances)))
    return found


def _farthest(values, slack):
    """Places of all that may be the farthest that can be compared."""
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(0, int)
    return np.flatnonzero(finite & (values >= values[finite].max() - 2 * slack))


def _codes(identities):
    """Integers, equal for equal identities; everybody without one is alone."""
    numbers, codes = {}, np.empty(len(identities), int)
    for place, identity in enumerate(identities):
        key = ("nobody", place) if identity is None else identity
        codes[place] = numbers.setdefault(key, len(numbers))
    return codes
