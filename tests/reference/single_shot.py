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
