"""Slow, obvious versions of what a verdict is learned from, pair by pair."""

import numpy as np

from tests.reference import ranking


def pairs(query, gallery, query_records, gallery_records, camera_mode, rule):
    """A list of (shared parts, distance, same person) without junk."""
    found = []
    sides = query_records, gallery_records
    for q in range(len(query)):
        for g in range(len(gallery)):
            if query_records.identities[q] == -1:
                continue
            if ranking.is_dropped(*sides, q, g, camera_mode):
                continue
            shared = (query.visibility[q] > 0) & (gallery.visibility[g] > 0)
            distance, _ = ranking.pair_distance(
                query.embeddings[q],
                gallery.embeddings[g],
                query.visibility[q],
                gallery.visibility[g],
                "euclidean",
                "visibility_mean",
                rule,
            )
            same = query_records.identities[q] == gallery_records.identities[g]
            found.append((tuple(map(bool, shared)), distance, bool(same)))
    return found


def cross_entropy(slope, intercept, distances, same, different, weights):
    """Mean loss of Platt's softened labels over pairs, one at a time."""
    total = weight = 0.0
    sure = (same.sum() + 1) / (same.sum() + 2), 1 / (different.sum() + 2)
    for distance, *numbers in zip(distances, same, different):
        probability = 1 / (1 + np.exp(-(slope * distance + intercept)))
        for number, share, label in zip(numbers, weights, sure):
            loss = -label * np.log(probability)
            loss -= (1 - label) * np.log(1 - probability)
            total += number * share * loss
            weight += number * share
    return total / weight


def true_positive_rate(scores, same, rate):
    """Best share of the same that a threshold accepts at a rate of others.

    Of a list of scores, `None` where a pair cannot be compared.
    """
    best = 0.0
    num_same, num_different = sum(same), len(same) - sum(same)
    for threshold in {score for score in scores if score is not None}:
        accepted = [s is not None and s >= threshold for s in scores]
        wrong = sum(a and not s for a, s in zip(accepted, same))
        right = sum(a and s for a, s in zip(accepted, same))
        if wrong <= rate * num_different:
            best = max(best, right / num_same)
    return best


def reliability(probabilities, same, prior, num_bins):
    """Per bin weight, mean probability and share of the same; the error."""
    share = np.mean(same)
    rows = [[] for _ in range(num_bins)]
    for probability, label in zip(probabilities, same):
        weight = prior / share if label else (1 - prior) / (1 - share)
        place = min(int(probability * num_bins), num_bins - 1)
        rows[place].append((weight, probability, label))
    result, error = [], 0.0
    for row in rows:
        if not row:
            result.append((0.0, np.nan, np.nan))
            continue
        weights, values, labels = map(np.array, zip(*row))
        mean = (weights * values).sum() / weights.sum()
        truth = (weights * labels).sum() / weights.sum()
        error += weights.sum() / len(same) * abs(mean - truth)
        result.append((weights.sum() / len(same), mean, truth))
    return np.array(result), error
