"""The single-gallery-shot curve, by looking at every gallery there can be."""

import itertools

import numpy as np

from tests.reference import ranking


def expected_curve(distances, query, gallery, q, ties, camera_mode, max_rank):
    """`max_rank` floats for query `q`, `None` if it has no positive."""
    images_of = {}
    for g in range(len(gallery)):
        if not ranking.is_dropped(query, gallery, q, g, camera_mode):
            images_of.setdefault(gallery.identities[g], []).append(g)
    if query.identities[q] not in images_of:
        return None
    ranks = []
    for drawn in itertools.product(*images_of.values()):
        drawn = np.sort(drawn)
        [rank] = ranking.ranks_of_query(
            distances[:, drawn], query, gallery[drawn], q, ties, camera_mode
        )
        ranks.append(rank)
    return [np.mean(np.array(ranks) <= k) for k in range(1, max_rank + 1)]


def expected_curve_of_many(values, identities, positive, max_rank):
    """The same for one query and a gallery with too many such galleries.

    Ties are pessimistic. The number of people ahead of a positive is counted
    person by person: each is ahead with the share of the images that are.
    """
    curves = []
    for limit in values[identities == positive]:
        probability = {0: 1.0}
        for person in np.unique(identities[identities != positive]):
            share = np.mean(values[identities == person] <= limit)
            after = {}
            for count, chance in probability.items():
                after[count] = after.get(count, 0) + chance * (1 - share)
                after[count + 1] = after.get(count + 1, 0) + chance * share
            probability = after
        curves.append(
            [
                sum(probability.get(count, 0) for count in range(k))
                for k in range(1, max_rank + 1)
            ]
        )
    return np.mean(curves, axis=0)
