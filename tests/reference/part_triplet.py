"""Slow, obvious NumPy versions of the triplet losses on parts."""

import numpy as np

# Fixture T: four images of two people, two parts of two dimensions.
FIXTURE_IDENTITIES = np.array([0, 0, 1, 1])
FIXTURE_EMBEDDINGS = np.array(
    [
        [(0, 0), (0, 0)],
        [(3, 4), (0, 1)],
        [(0, 2), (1, 0)],
        [(6, 8), (0, 2)],
    ],
    "float64",
)
FIXTURE_VISIBILITY = np.array([(1, 1), (1, 0), (1, 1), (0, 1)], "float64")
FIXTURE_BANK = (
    np.array([[(1, 1), (1, 1)], [(3, 4), (1, 1)]], "float64"),
    np.array([0, 2]),
    np.ones((2, 2)),
)


def part_distances(x, y):
    """Distances of the parts of one image to those of another."""
    return np.array([np.sqrt(((a - b) ** 2).sum()) for a, b in zip(x, y)])


def pair_distance(x, y, weights):
    """Weighted mean over the parts; None if no part has a weight."""
    if np.sum(weights) == 0:
        return None
    return np.sum(weights * part_distances(x, y)) / np.sum(weights)


def farthest_part(x, y, weights):
    """Distance of the farthest part that has a weight; None without one."""
    if np.sum(weights) == 0:
        return None
    return np.max(part_distances(x, y)[np.asarray(weights) > 0])


def cost(positives, negatives, margin):
    """Loss of one anchor; None if it has no positive or no negative."""
    positives = [distance for distance in positives if distance is not None]
    negatives = [distance for distance in negatives if distance is not None]
    if not positives or not negatives:
        return None
    difference = max(positives) - min(negatives)
    if margin <= 0:
        return np.log(1 + np.exp(difference))
    return max(0.0, difference + margin)


def scaled(losses):
    """Losses of all images, so that their mean is that of the valid ones."""
    valid = [loss for loss in losses if loss is not None]
    return np.array(
        [
            0.0 if loss is None else loss * len(losses) / len(valid)
            for loss in losses
        ]
    )


def unit_vectors(x):
    """Of length 1; one of length 0 stays."""
    lengths = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)


def part_averaged_triplet(
    identities,
    embeddings,
    margin,
    visibility=None,
    root=False,
    part_weights=1,
):
    num_images, num_parts = embeddings.shape[:2]
    if visibility is None:
        visibility = np.ones((num_images, num_parts))
    losses = []
    for i in range(num_images):
        positives, negatives = [], []
        for j in range(num_images):
            weights = visibility[i] * visibility[j]
            if root:
                weights = np.sqrt(weights)
            weights = weights * np.asarray(part_weights)
            distance = pair_distance(embeddings[i], embeddings[j], weights)
            if identities[i] != identities[j]:
                negatives.append(distance)
            elif i != j:
                positives.append(distance)
        losses.append(cost(positives, negatives, margin))
    return scaled(losses)


def part_aware_compactness(
    identities,
    embeddings,
    bank=None,
    margin=0.3,
    combine="mean",
    visibility=None,
    bank_positives=False,
):
    num_images, num_parts = embeddings.shape[:2]
    positive_distance = {"mean": pair_distance, "asymmetric": farthest_part}
    positive_distance = positive_distance[combine]
    no_bank = np.zeros((0, *embeddings.shape[1:])), [], np.zeros((0, num_parts))
    slots, slot_identities, slot_visibility = bank or no_bank
    if visibility is None:
        visibility = np.ones((num_images, num_parts))
        slot_visibility = np.ones((len(slots), num_parts))
    losses = []
    for i in range(num_images):
        positives, negatives = [], []
        for j in range(num_images):
            weights = visibility[i] * visibility[j]
            pair = embeddings[i], embeddings[j], weights
            if identities[i] != identities[j]:
                negatives.append(pair_distance(*pair))
            elif i != j:
                positives.append(positive_distance(*pair))
        for j in range(len(slots)):
            if slot_identities[j] == -1:
                continue
            weights = visibility[i] * slot_visibility[j]
            pair = embeddings[i], slots[j], weights
            if identities[i] != slot_identities[j]:
                negatives.append(pair_distance(*pair))
            elif bank_positives:
                positives.append(positive_distance(*pair))
        losses.append(cost(positives, negatives, margin))
    return scaled(losses)


def prototype_compactness(
    identities,
    embeddings,
    prototypes,
    seen,
    margin=0.3,
    combine="mean",
    visibility=None,
):
    positive_distance = {"mean": pair_distance, "asymmetric": farthest_part}
    positive_distance = positive_distance[combine]
    if visibility is None:
        visibility = np.ones(embeddings.shape[:2])
    losses = []
    for i, identity in enumerate(identities):
        positives, negatives = [], []
        for c in range(len(prototypes)):
            pair = embeddings[i], prototypes[c], visibility[i] * seen[c]
            if c == identity:
                positives.append(positive_distance(*pair))
            else:
                negatives.append(pair_distance(*pair))
        losses.append(cost(positives, negatives, margin))
    return scaled(losses)
