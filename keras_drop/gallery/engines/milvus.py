import numpy as np

from keras_drop.gallery.engines.common_parts import first_without_common_part
from keras_drop.gallery.engines.milvus_collection import MOST
from keras_drop.gallery.engines.milvus_copy import MilvusCopy
from keras_drop.gallery.engines.milvus_shortlist import Shortlists
from keras_drop.gallery.engines.scan import Scan
from keras_drop.gallery.storing.vectors import forget_vectors

# Images that are compared exactly, at least, and how many times more if they
# do not do.
_SHORTLIST = 200
_WIDER = 8
# Filters that leave so few images are answered without Milvus.
_FEW = 2_000
# So many images are read at most for many people, instead of their shortlists.
_READ = 20_000


class Milvus:
    """Asks Milvus for a shortlist, and compares that as evaluation does.

    Images that Milvus has not got yet are compared as well, and those that
    were removed are not found, however far its copy lags behind. Where
    visibility is yes or no, the cosine and the squared Euclidean distance are
    exact: a shortlist is made longer until nobody beyond it can be nearer.
    The mean of Euclidean distances has no such bound: it is as good as a
    shortlist of 200, or of 4 `k`; `Gallery.check` says how good that is. Many
    people at once whose shortlists would hold a small gallery are compared
    with all of it.

    Args:
        path: Folder of the gallery.
        store: Its `Store`.
        uri: Of a server, or `None` for Milvus Lite in the gallery's folder.
    """

    def __init__(self, path, store, uri=None):
        self._path, self._store = path, store
        self.copy = MilvusCopy(path, store, uri)
        self._scan = Scan(path, store, on_disk=False)

    def nearest(
        self, people, k, about, distance, *, chosen=None, per_identity=False
    ):
        """As of `Scan`."""
        refuse_what_needs_all(distance)
        asked = {"chosen": chosen, "per_identity": per_identity}
        numbers = None
        if chosen is not None:
            numbers = self._store.numbers(*chosen)
            if len(numbers) <= _FEW:
                return self._by_scan(people, k, about, distance, **asked)
        # People who show different parts are different searches, and the
        # shortlists of many are the gallery once more.
        of_all = len(people) * max(_SHORTLIST, 4 * k)
        if len(people) > 1 and self._store.count() <= min(of_all, _READ):
            return self._by_scan(people, k, about, distance, **asked)
        return self._repaired(
            lambda: self._asked(people, k, about, distance, numbers, asked)
        )

    def _repaired(self, use):
        """What `use` returns, of a copy that may have to be made anew.

        Another `Gallery` of this process may have closed the connection, a
        kill may have left a folder that opens and cannot be read: the store
        has all that is needed.
        """
        for repair in (self.copy.close, self.copy.forget_lite):
            try:
                return use()
            except _refused_by_milvus():
                repair()
        return use()

    def _asked(self, people, k, about, distance, numbers, asked):
        self.copy.follow(about, distance)
        shortlists = Shortlists(self._store, self.copy, about, distance)
        found, open_ = {}, np.arange(len(people))
        limit = max(_SHORTLIST, 4 * k)
        while len(open_) and limit:
            some = shortlists.ranked(
                people[open_],
                k,
                min(limit, MOST),
                numbers,
                asked["per_identity"],
            )
            found.update(
                (place, ranked)
                for place, ranked in zip(open_.tolist(), some)
                if ranked is not None
            )
            open_ = np.array([p for p in open_ if p not in found], int)
            limit = _WIDER * limit if limit < MOST else 0
        if len(open_):  # More are equally near than Milvus tells.
            rest = self._by_scan(people[open_], k, about, distance, **asked)
            found.update(zip(open_.tolist(), rest))
        for place, ranked in found.items():
            if len(ranked) < k:
                self._fill(ranked, people[[place]], k, about, distance, **asked)
        return [found[place] for place in range(len(people))]

    def vectors(self, about):
        """`Vectors` as they are now, in memory."""
        return self._scan.vectors(about)

    def copy_errors(self, about, distance):
        """List of how Milvus's copy differs from the store."""
        if not self.copy.says_that_it_follows():
            self.copy.follow(about, distance)
        return self.copy.errors(about)

    def before_removal(self):
        """Deletes the file of another engine."""
        forget_vectors(self._path)

    def after_removal(self, about, distance):
        """Removes from the copy what the store has no more."""
        if about["embedding_size"] is not None:
            self._repaired(lambda: self.copy.follow_locked(about, distance))

    def forget(self):
        """Deletes all copies on this disk; a server gives back its room."""
        self.copy.forget()
        forget_vectors(self._path)
        self._scan.close()

    def close(self):
        """Ends the connection."""
        self.copy.close()
        self._scan.close()

    def _by_scan(self, people, k, about, distance, **asked):
        found = self._scan.nearest(people, k, about, distance, **asked)
        self._scan.close()
        return found

    def _fill(self, ranked, person, k, about, distance, *, chosen, **asked):
        """Adds those who share no part with the query, in their order."""
        seen = None
        if asked["per_identity"]:
            seen = set(self._store.identities(ranked).values()) - {None}
        ranked.update(
            first_without_common_part(
                person,
                k - len(ranked),
                self._store,
                about,
                distance,
                chosen=chosen,
                seen=seen,
                but=ranked,
            )
        )


def refuse_what_needs_all(distance):
    """Refuses distances that no inner product comes near.

    Raises:
        ValueError: Such a distance.
    """
    for name, value in (
        ("combine", "hpnet_release"),
        ("no_common", "max_plus_1"),
    ):
        if getattr(distance, name) == value:
            raise ValueError(
                f"`{name}={value!r}` takes the distances to all images, and "
                'Milvus tells the nearest. Open the gallery with `engine="disk'
                '"`.'
            )


def _refused_by_milvus():
    try:
        from pymilvus.exceptions import MilvusException
    except ImportError:
        return ()  # What `copy` says of it.
    return MilvusException
