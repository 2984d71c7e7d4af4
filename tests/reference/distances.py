"""Distances between embeddings, one pair and one part at a time."""

import numpy as np


def part_distances(x, y):
    result = np.zeros((len(x), len(y), x.shape[1]))
    for i in range(len(x)):
        for j in range(len(y)):
            for part in range(x.shape[1]):
                difference = x[i, part] - y[j, part]
                result[i, j, part] = np.sqrt((difference**2).sum())
    return result


def average(distances, weights):
    """Weighted means over parts, and where they exist."""
    mean = np.zeros(distances.shape[:2])
    comparable = np.zeros(distances.shape[:2], bool)
    for i, j in np.ndindex(*mean.shape):
        total = weights[i, j].sum()
        if total > 0:
            mean[i, j] = (weights[i, j] * distances[i, j]).sum() / total
            comparable[i, j] = True
    return mean, comparable
