import numpy as np

from keras_drop.evaluation.distances.streaming import stream_distances
from keras_drop.evaluation.ranking.positives import find_positives

# Up to so many positives, one comparison of the row with each is faster than
# sorting the row: 5 against 160 microseconds for 80,000 values.
_FEW_POSITIVES = 32


def positive_ranks(distances, matches, ties):
    """Ranks of the positives of every query; ranks nothing else.

    Two passes over each block of queries: the distances of its positives,
    then, chunk of the gallery after chunk, how many negatives are ahead of
    each. Neither all distances nor the order of the negatives is ever held.
    Positives and junk are left out by where they stand, never by value.

    Args:
        distances: Object with `block(rows, columns)`, distances of the
            queries and gallery images in the order of `matches`, and
            `no_common_distance`, of images that cannot be compared, or
            `None`.
        matches: `Matches`.
        ties: Whether a negative at the distance of a positive is ahead of it:
            `"pessimistic"` yes, `"optimistic"` no, `"stable"` if it stands
            earlier in the gallery.

    Returns:
        Tuple of a list with the ascending ranks, from 1, of each query's
        positives, and `(n,)` integers, how many of the ranked gallery images
        each query cannot be compared with.
    """
    num_queries = len(matches.query_order)
    queries = [None] * num_queries

    def start(rows):
        found = [
            _Query(positives, matches.gallery_order, ties)
            for positives in find_positives(distances, matches, rows)
        ]
        queries[rows[0] : rows[-1] + 1] = found

        def add(values, first):
            for query, row in zip(found, values):
                query.add(row, first, distances.no_common_distance)

        return add

    stream_distances(distances, start)
    return (
        [query.ranks() for query in queries],
        np.array([query.num_not_comparable for query in queries]),
    )


class _Query:
    """How many negatives are ahead of each positive of one query."""

    def __init__(self, positives, gallery_order, ties):
        self.positives = positives
        self.gallery_order = gallery_order
        self.ties = ties
        self.num_ahead = np.zeros(len(positives.values), "int64")
        self.num_not_comparable = 0

    def add(self, row, first, no_common_distance):
        positives = self.positives
        start, end = (
            min(max(place - first, 0), len(row))
            for place in (positives.start, positives.end)
        )
        own, limits = row[start:end], positives.values
        if no_common_distance is not None:
            junk = positives.junk - first
            junk = junk[(junk >= 0) & (junk < len(row))]
            self.num_not_comparable += np.count_nonzero(
                row >= no_common_distance
            ) - np.count_nonzero(row[junk] >= no_common_distance)
        if self.ties != "stable":
            side = "right" if self.ties == "pessimistic" else "left"
            self.num_ahead += _num_below(row, own, limits, side)
            return
        ahead = _num_below(row, own, limits, "left")
        not_behind = _num_below(row, own, limits, "right")
        for i in np.flatnonzero(ahead < not_behind):
            tied = np.flatnonzero(row == limits[i])
            tied = tied[(tied < start) | (tied >= end)]
            rows = self.gallery_order[tied + first]
            ahead[i] += np.count_nonzero(rows < positives.rows[i])
        self.num_ahead += ahead

    def ranks(self):
        return np.arange(1, len(self.num_ahead) + 1) + self.num_ahead


def _num_below(row, own, limits, side):
    """How many values of a row, without its part `own`, are below each limit.

    Args:
        row: `(m,)` floats.
        own: Part of it that does not count.
        limits: `(n,)` ascending floats.
        side: `"left"` leaves equal values out, `"right"` counts them.
    """
    below = np.less if side == "left" else np.less_equal
    counts = np.empty(len(limits), "int64")
    for i in reversed(range(len(limits))):
        near = below(row, limits[i])
        counts[i] = np.count_nonzero(near)
        if i > _FEW_POSITIVES or counts[i] <= len(row) // 16:
            counts[:i] = np.searchsorted(np.sort(row[near]), limits[:i], side)
            break
    return counts - np.searchsorted(np.sort(own), limits, side)
