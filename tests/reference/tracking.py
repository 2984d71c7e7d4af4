"""Slow, obvious versions of what is measured of tracks."""

import itertools

import numpy as np


def overlap(one, two):
    """Intersection over union of two boxes of whole numbers, by pixels."""

    def pixels(box):
        left, top, right, bottom = box
        return {(x, y) for x in range(left, right) for y in range(top, bottom)}

    a, b = pixels(one), pixels(two)
    return len(a & b) / len(a | b)


def mean_of_best(embeddings, weights, num_views):
    """Mean by weight of the views with the largest weights, all different."""
    best = sorted(range(len(weights)), key=lambda k: -weights[k])[:num_views]
    best = [k for k in best if weights[k] > 0]
    if not best:
        return np.zeros_like(embeddings[0]), 0.0
    total = sum(
        weights[k] * embeddings[k] / np.linalg.norm(embeddings[k]) for k in best
    )
    return total / sum(weights[k] for k in best), max(weights)


def best_assignment(costs, most):
    """Pairs whose sum of `most - cost` is largest; none beyond `most`."""
    num_rows, num_columns = costs.shape
    best, found = 0.0, {}
    choices = [None, *range(num_columns)]
    for chosen in itertools.product(choices, repeat=num_rows):
        taken = [c for c in chosen if c is not None]
        if len(set(taken)) < len(taken):
            continue
        pairs = {r: c for r, c in enumerate(chosen) if c is not None}
        if not all(costs[pair] <= most for pair in pairs.items()):
            continue
        gain = sum(most - costs[pair] for pair in pairs.items())
        if gain > best + 1e-9:
            best, found = gain, pairs
    return found


def idf1(people, tracks):
    """Of rows with a person and a track: by trying all assignments."""
    names, numbers = sorted(set(people)), sorted(set(tracks))
    numbers += [None] * len(names)
    most = 0
    for chosen in itertools.permutations(numbers, len(names)):
        pairs = set(zip(names, chosen))
        most = max(most, sum(pair in pairs for pair in zip(people, tracks)))
    return 2 * most / (len(people) + len(tracks))
