import numpy as np

from keras_drop.evaluation.distances.part_distances import NO_COMMON_PART
from keras_drop.evaluation.reranking.neighbours import unit_length
from keras_drop.gallery.engines.coarse_distances import slack_of
from keras_drop.gallery.engines.concatenated import (
    by_common_parts,
    concatenated,
    estimate,
)
from keras_drop.gallery.engines.milvus_collection import among
from keras_drop.gallery.engines.ranking import exact_distances, in_order
from keras_drop.gallery.storing.described import described_of


class Shortlists:
    """Those of whom Milvus says that they are near, compared exactly.

    Args:
        store: `Store` of the gallery.
        copy: `MilvusCopy` of it.
        about: What is known about the gallery.
        distance: `Distance`.
    """

    def __init__(self, store, copy, about, distance):
        self._store, self._about, self._distance = store, about, distance
        self._collection = copy.collection(about)
        self._state = copy.state
        self._num_gallery = store.count()
        # Of the mean, and of yes or no, an inner product is the distance.
        self._bounded = (
            distance.metric != "euclidean"
            and distance.combine != "visibility_max"
            and (distance.combine == "plain" or not copy.state.graded)
        )

    def ranked(self, people, k, limit, numbers=None, per_identity=False):
        """Of each person the nearest that have a part in common.

        Args:
            people: `Descriptors`.
            k: How many at most.
            limit: Length of a shortlist.
            numbers: Ascending integers, the images to look at, or `None`.
            per_identity: Whether only the nearest of each identity counts.

        Returns:
            List of ordered dictionaries from number to distance, `None` where
            somebody beyond the shortlist may be nearer.
        """
        late = self._store.numbers("id > ?", [self._state.last])
        if numbers is not None:
            late = late[np.isin(late, numbers)]
        found, cuts = self._asked(people, limit, numbers)
        union = np.unique(np.concatenate([late, *found])).astype("int64")
        described = described_of(self._store.described(union), self._about)
        exact = exact_distances(
            people, described, self._distance, self._num_gallery
        )
        identities = None
        if per_identity:
            known = self._store.identities(described.numbers)
            identities = np.array(
                [known.get(n) for n in described.numbers.tolist()] + [None],
                object,
            )[:-1]
        result = []
        for own, cut, distances in zip(found, cuts, exact):
            mine = np.isin(described.numbers, np.concatenate([own, late]))
            places = np.flatnonzero(mine & (distances < NO_COMMON_PART))
            names = None if identities is None else identities[places]
            places = places[in_order(distances[places], k, names)]
            values = distances[places].tolist()
            if not self._done(values, k, cut):
                result.append(None)
                continue
            chosen = described.numbers[places].tolist()
            result.append(dict(zip(chosen, values)))
        return result

    def _done(self, values, k, cut):
        if np.isinf(cut):
            return True
        if len(values) < k:
            return False
        reach = values[-1] + 2 * slack_of(self._distance)
        return not self._bounded or cut > reach

    def _asked(self, people, limit, numbers):
        """Numbers that Milvus tells of each person, and from where it cut."""
        vectors, patterns = concatenated(
            unit_length(people.embeddings),
            np.ones(people.visibility.shape),
            people.visibility.astype("float32"),
            self._distance,
        )
        found = [[] for _ in people.visibility]
        cuts = np.full(len(people), np.inf)
        which = ""
        if numbers is not None:
            which = among(numbers, self._store.numbers())
        for pattern in np.unique(patterns):
            who = np.flatnonzero(patterns == pattern)
            groups = by_common_parts(int(pattern), self._state.patterns)
            for common, some in groups.items():
                if not common:
                    continue
                hits = self._collection.search(vectors[who], some, limit, which)
                for place, pairs in zip(who, hits):
                    near = estimate(
                        [product for _, product in pairs],
                        common,
                        self._distance.metric,
                    )
                    found[place] += zip(near, (number for number, _ in pairs))
                    if len(pairs) >= limit:
                        cuts[place] = min(cuts[place], near[-1])
        for place, pairs in enumerate(found):
            pairs.sort()
            if len(pairs) > limit:
                cuts[place] = min(cuts[place], pairs[limit][0])
            found[place] = np.array([n for _, n in pairs[:limit]], "int64")
        return found, cuts
