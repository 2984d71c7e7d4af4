import numpy as np


class ExactShot:
    """All galleries of one image per identity, for one query, weighted.

    The share of an identity's images that are ahead of a positive is the
    probability that this identity is. Identities are drawn independently, so
    the number of those ahead is distributed like a sum of independent
    Bernoulli variables, which one product per identity gives exactly.

    Args:
        num_positives: Number of positives of the query.
        identity_borders: `(num_identities + 1,)` integers, where in the
            gallery the identities start and the last one ends.
        max_rank: Length of the curve.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation.ranking.exact_shot import ExactShot
    >>> shot = ExactShot(1, np.array([0, 2, 3]), 2)
    >>> shot.add(np.array([0, 1, 1]), 0)
    >>> shot.hits().tolist()
    [0.5, 1.0]
    """

    def __init__(self, num_positives, identity_borders, max_rank):
        self._borders = identity_borders
        # [j, i]: probability that j identities are ahead of positive i.
        self._probability = np.zeros((max_rank, num_positives))
        self._probability[0] = 1.0
        # The last identity, which may reach into the next chunk.
        self._identity, self._num_ahead = -1, None

    def add(self, beaten, first):
        """Multiplies by the identities of a chunk of the gallery.

        Args:
            beaten: `(m,)` integers, the first positive that each image is
                ahead of.
            first: Where in the gallery the chunk starts.
        """
        num_positives = self._probability.shape[1]
        near = np.flatnonzero(beaten < num_positives)
        if not len(near):
            return
        owners = np.searchsorted(self._borders, near + first, "right") - 1
        identities, numbers = np.unique(owners, return_inverse=True)
        num_ahead = np.bincount(
            numbers * num_positives + beaten[near],
            minlength=len(identities) * num_positives,
        )
        num_ahead = num_ahead.reshape(-1, num_positives).cumsum(axis=1)
        for identity, row in zip(identities, num_ahead):
            if identity == self._identity:
                self._num_ahead = self._num_ahead + row
            else:
                self._multiply()
                self._identity, self._num_ahead = identity, row

    def hits(self):
        """`(max_rank,)` probability of the match being among the first."""
        self._multiply()
        self._identity = -1
        among = np.cumsum(self._probability, axis=0).mean(axis=1)
        return np.minimum(among, 1.0)

    def _multiply(self):
        """Takes the last identity, which is complete, into account."""
        if self._identity < 0:
            return
        start, end = self._borders[self._identity :][:2]
        share = self._num_ahead / (end - start)
        one_more = self._probability[:-1] * share
        self._probability *= 1 - share
        self._probability[1:] += one_more
