import numpy as np

# Draws at a time: 8 MB of random numbers.
_DRAWS = 1 << 20


class RandomShots:
    """Galleries of one image per identity, drawn at random for one query.

    The images are drawn identity by identity from one stream of random
    numbers, so the chunks in which the gallery comes do not change them.

    Args:
        positives: `(n,)` integers, the positives of the query in the order
            of the gallery, numbered from 0 by their distance.
        identity_borders: `(num_identities + 1,)` integers, where in the
            gallery the identities start and the last one ends.
        max_rank: Length of the curve.
        repeats: Number of galleries.
        seed: What the stream follows from.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation.ranking.random_shots import RandomShots
    >>> borders = np.array([0, 2, 3])
    >>> shots = RandomShots(np.array([0]), borders, 2, repeats=4, seed=1)
    >>> shots.add(np.array([0, 1, 1]), 0)
    >>> shots.hits().tolist()
    [0.75, 1.0]
    """

    def __init__(self, positives, identity_borders, max_rank, repeats, seed):
        self._borders = identity_borders
        self._max_rank = max_rank
        self._random = np.random.default_rng(seed)
        self._positive = self._random.choice(positives, repeats)
        self._num_ahead = np.zeros(repeats, "int64")
        # Images drawn from an identity that reaches into the next chunk.
        self._waiting = np.full(repeats, -1)

    def add(self, beaten, first):
        """Draws from the identities that start in a chunk of the gallery.

        Args:
            beaten: `(m,)` integers, the first positive that each image is
                ahead of.
            first: Where in the gallery the chunk starts.
        """
        self._count(self._waiting[None], beaten, first)
        start, end = np.searchsorted(
            self._borders[:-1], [first, first + len(beaten)]
        )
        step = max(_DRAWS // len(self._positive), 1)
        for low in range(start, end, step):
            borders = self._borders[low : min(low + step, end) + 1]
            sizes = np.diff(borders)[:, None]
            draws = self._random.random((len(sizes), len(self._positive)))
            places = borders[:-1, None] + (draws * sizes).astype("int64")
            self._count(places, beaten, first)
            self._waiting = places[-1]

    def hits(self):
        """`(max_rank,)` share of draws with the match among the first."""
        num_ahead = np.minimum(self._num_ahead, self._max_rank)
        count = np.bincount(num_ahead, minlength=self._max_rank + 1)
        return np.cumsum(count[:-1]) / len(num_ahead)

    def _count(self, places, beaten, first):
        places = places - first
        inside = (places >= 0) & (places < len(beaten))
        ahead = beaten[np.where(inside, places, 0)] <= self._positive
        self._num_ahead += np.count_nonzero(inside & ahead, axis=0)
