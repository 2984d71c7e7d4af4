import numpy as np

from keras_drop.evaluation.positives import find_positives


def positive_ranks(distances, matches, ties, query_block, gallery_chunk):
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
        query_block: Number of queries at a time.
        gallery_chunk: Number of gallery images at a time.

    Returns:
        Tuple of a list with the ascending ranks, from 1, of each query's
        positives, and `(n,)` integers, how many of the ranked gallery images
        each query cannot be compared with.
    """
    ranks, num_not_comparable = [], []
    num_gallery = len(matches.gallery_order)
    for start in range(0, len(matches.query_order), query_block):
        rows = np.arange(start, start + query_block)
        rows = rows[rows < len(matches.query_order)]
        queries = [
            _Query(positives, matches.gallery_order)
            for positives in find_positives(distances, matches, rows)
        ]
        for first in range(0, num_gallery, gallery_chunk):
            columns = np.arange(first, min(first + gallery_chunk, num_gallery))
            block = distances.block(rows, columns)
            for query, row in zip(queries, block):
                query.add(row, first, ties, distances.no_common_distance)
        ranks += [query.ranks() for query in queries]
        num_not_comparable += [query.num_not_comparable for query in queries]
    return ranks, np.array(num_not_comparable)


class _Query:
    """How many negatives are ahead of each positive of one query."""

    def __init__(self, positives, gallery_order):
        self.positives = positives
        self.gallery_order = gallery_order
        self.num_ahead = np.zeros(len(positives.values), "int64")
        self.num_not_comparable = 0

    def add(self, row, first, ties, no_common_distance):
        positives = self.positives
        if no_common_distance is not None:
            junk = positives.junk - first
            junk = junk[(junk >= 0) & (junk < len(row))]
            self.num_not_comparable += np.count_nonzero(
                row == no_common_distance
            ) - np.count_nonzero(row[junk] == no_common_distance)
        near = np.flatnonzero(row <= positives.values[-1])
        places = near + first
        near = near[(places < positives.start) | (places >= positives.end)]
        values = np.sort(row[near])
        not_behind = np.searchsorted(values, positives.values, "right")
        ahead = np.searchsorted(values, positives.values, "left")
        if ties == "pessimistic":
            ahead = not_behind
        elif ties == "stable":
            for i in np.flatnonzero(ahead < not_behind):
                tied = self.gallery_order[
                    near[row[near] == positives.values[i]] + first
                ]
                ahead[i] += np.count_nonzero(tied < positives.rows[i])
        self.num_ahead += ahead

    def ranks(self):
        return np.arange(1, len(self.num_ahead) + 1) + self.num_ahead
