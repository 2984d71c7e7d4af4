import numpy as np

from keras_drop.evaluation.distances.streaming import stream_distances
from keras_drop.evaluation.ranking.exact_shot import ExactShot
from keras_drop.evaluation.ranking.positives import find_positives, first_beaten
from keras_drop.evaluation.ranking.random_shots import RandomShots


def single_gallery_shot(distances, matches, protocol):
    """How often a query's match is among the first `k` of one image each.

    A draw keeps one image of every identity of the gallery, uniformly among
    those that the query ranks. So a gallery has one match and one image of
    every other person. What a draw keeps depends on the seed and the query
    alone: not on the distances, so that two models see the same galleries.

    Args:
        distances: As in `positive_ranks`.
        matches: `Matches`.
        protocol: `Protocol`: who is ahead at equal distance, the number of
            draws and their seed, and the length of the curve.

    Returns:
        `(n, max_rank)` floats in `[0, 1]`, the share of draws in which the
        match is among the first `k` images, for `k` from 1.
    """
    hits = np.empty((len(matches.query_order), protocol.max_rank))

    def start(rows):
        queries = find_positives(distances, matches, rows)
        shots = [
            _shot(query, matches, protocol, number)
            for query, number in zip(queries, matches.query_order[rows])
        ]

        def add(block, first):
            images = matches.gallery_order[first : first + block.shape[1]]
            for query, shot, values in zip(queries, shots, block):
                beaten = _beaten(query, values, images, first, protocol.ties)
                shot.add(beaten, first)
            if first + block.shape[1] == len(matches.gallery_order):
                hits[rows] = [shot.hits() for shot in shots]

        return add

    stream_distances(distances, start)
    return hits


def _shot(query, matches, protocol, number):
    borders = matches.identity_borders
    if protocol.repeats == "exact":
        return ExactShot(len(query.values), borders, protocol.max_rank)
    # Numbered by their place, so that no distance changes what is drawn.
    positives = np.argsort(query.rows)
    return RandomShots(
        positives,
        borders,
        protocol.max_rank,
        protocol.repeats,
        (protocol.seed, number),
    )


def _beaten(query, values, images, first, ties):
    """The first positive that each image is ahead of, or their number."""
    beaten = np.full(len(values), len(query.values))
    near = np.flatnonzero(values <= query.values[-1])
    near = near[(near + first < query.start) | (near + first >= query.end)]
    beaten[near] = first_beaten(query, values[near], images[near], ties)
    return beaten
