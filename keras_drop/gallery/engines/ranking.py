"""Who comes first: exact distances of a shortlist, and an order."""

import numpy as np

from keras_drop.evaluation.distances.part_distances import (
    NO_COMMON_PART,
    PartDistances,
)


def exact_distances(people, described, distance, num_gallery):
    """Distances to a shortlist, equal to those of evaluation to the last bit.

    Args:
        people: `Descriptors` of the queries.
        described: `Described` of the shortlist, in the order of the gallery.
        distance: `Distance`.
        num_gallery: How many images the gallery has.

    Returns:
        `(num_people, n)` float32 array.
    """
    rows, columns = np.arange(len(people)), np.arange(len(described))
    if not len(columns):
        return np.empty((len(rows), 0), "float32")
    return PartDistances(
        people,
        described.descriptors(slice(None)),
        rows,
        columns,
        distance,
        no_common_distance=NO_COMMON_PART,
        num_gallery=num_gallery,
    ).block(rows, columns)


def within_reach(coarse, k, slack, codes=None):
    """Places of all that may be among the `k` nearest.

    Args:
        coarse: `(n,)` distances, infinite where nothing can be compared.
        k: How many are wanted.
        slack: How far a distance may be from the exact one.
        codes: `(n,)` integers, equal for images of which only the nearest
            counts, or `None`.

    Example:
    >>> import numpy as np
    >>> from keras_drop.gallery.engines.ranking import within_reach
    >>> coarse = np.array([0.5, 0.1, 0.2, np.inf, 0.21])
    >>> within_reach(coarse, 2, 0.01).tolist()
    [1, 2, 4]
    """
    values = coarse
    if codes is not None and len(codes):
        values = np.full(codes.max() + 1, np.inf, coarse.dtype)
        np.minimum.at(values, codes, coarse)
    limit = np.inf
    if k < len(values):
        limit = np.partition(values, k - 1)[k - 1]
    return np.flatnonzero((coarse <= limit + 2 * slack) & (coarse < np.inf))


def in_order(distances, k, identities=None):
    """Places of the `k` nearest, equal ones in their order.

    Args:
        distances: `(n,)` numbers.
        k: How many at most.
        identities: List, if only the nearest image of each counts; those of
            `None` all count.
    """
    order = np.argsort(distances, kind="stable")
    if identities is None:
        return order[:k]
    return one_each(order, identities, k)


def one_each(places, identities, k, seen=()):
    """Of ordered places the first of every identity, and all without one.

    Args:
        places: Integers, nearest first.
        identities: Of what the places are of.
        k: How many at most.
        seen: Identities that were found before.
    """
    seen, kept = set(seen), []
    for place in places:
        if len(kept) == k:
            break
        identity = identities[place]
        if identity is None or identity not in seen:
            seen.add(identity)
            kept.append(place)
    return np.array(kept, int)
