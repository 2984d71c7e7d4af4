"""k-reciprocal re-ranking as the formulas have it: dense, image by image."""

import numpy as np


def nearest_of(distances, i):
    """All images, the nearest of `i` first, itself the very first."""
    others = [j for j in range(len(distances)) if j != i]
    return [i, *sorted(others, key=lambda j: (distances[i, j], j))]


def reciprocal_sets(order, k):
    near = [set(row[: k + 1]) for row in order]
    return [{j for j in near[i] if i in near[j]} for i in range(len(near))]


def expanded_sets(order, k1):
    sets = reciprocal_sets(order, k1)
    halves = reciprocal_sets(order, int(np.rint(k1 / 2)))
    expanded = []
    for members in sets:
        everyone = set(members)
        for c in members:
            if 3 * len(halves[c] & members) > 2 * len(halves[c]):
                everyone |= halves[c]
        expanded.append(everyone)
    return expanded


def rerank(distances, num_query, k1, k2, lambda_value, power):
    """`(num_query, num_gallery)` of the `(n, n)` distances of all images."""
    distances = np.array(distances, "float64")
    np.fill_diagonal(distances, 0)
    num_images = len(distances)
    order = [nearest_of(distances, i) for i in range(num_images)]
    powers = distances**power
    largest = powers.max(axis=1, keepdims=True)
    powers /= np.where(largest > 0, largest, 1)
    weights = np.zeros((num_images, num_images))
    for i, members in enumerate(expanded_sets(order, k1)):
        members = sorted(members)
        weights[i, members] = np.exp(-powers[i, members])
        weights[i] /= weights[i].sum()
    means = np.array([weights[row[:k2]].mean(axis=0) for row in order])
    result = np.zeros((num_query, num_images - num_query))
    for q in range(num_query):
        for g in range(num_query, num_images):
            shared = np.minimum(means[q], means[g]).sum()
            result[q, g - num_query] = (1 - lambda_value) * (
                1 - shared / (2 - shared)
            ) + lambda_value * powers[q, g]
    return result
