"""Rates of right and wrong acceptance, by trying every threshold."""

import numpy as np

from tests.reference import ranking


def all_pairs(distances, query, gallery, camera_mode):
    """Distances of the pairs of the same person, and of different people."""
    positives, negatives = [], []
    for q in range(len(query)):
        for g in range(len(gallery)):
            if query.identities[q] == -1:
                continue
            if ranking.is_dropped(query, gallery, q, g, camera_mode):
                continue
            same = query.identities[q] == gallery.identities[g]
            (positives if same else negatives).append(distances[q][g])
    return np.array(positives), np.array(negatives)


def curve(positives, negatives):
    """Of each threshold: false and true positive rate, ascending."""
    everything = np.concatenate([positives, negatives])
    thresholds = [*np.unique(everything), np.inf]
    false_rates = [np.mean(negatives < t) for t in thresholds]
    true_rates = [np.mean(positives < t) for t in thresholds]
    false_rates[-1] = true_rates[-1] = 1.0  # also what is at infinity
    return np.array(false_rates), np.array(true_rates)


def true_rate_at(false_rate, positives, negatives):
    false_rates, true_rates = curve(positives, negatives)
    allowed = np.round(false_rates * len(negatives)) <= np.floor(
        np.round(false_rate * len(negatives), 9)
    )
    return true_rates[allowed].max()


def equal_error_rate(positives, negatives):
    false_rates, true_rates = curve(positives, negatives)
    return np.maximum(false_rates, 1 - true_rates).min()
