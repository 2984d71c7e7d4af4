"""Slow, obvious versions of the distances and the ranking metrics."""

import numpy as np


def pair_distance(
    query, gallery, query_visibility, gallery_visibility, metric, combine, rule
):
    """One number for two images, and whether they have a part in common."""
    total, weights, largest = 0.0, 0.0, -np.inf
    for a, b, v, w in zip(query, gallery, query_visibility, gallery_visibility):
        a, b = np.float64(a), np.float64(b)
        cosine = np.dot(a, b) / np.sqrt(np.dot(a, a) * np.dot(b, b))
        if metric == "euclidean":
            distance = np.sqrt(max(2 - 2 * cosine, 0))
        else:
            distance = (2 - 2 * cosine) / (1 if metric == "sqeuclidean" else 2)
        weight = float(v) * float(w)
        if combine == "plain":
            weight = 1.0
        elif rule == "sqrt":
            weight = np.sqrt(weight)
        total += weight * distance
        weights += weight
        if weight > 0:
            largest = max(largest, distance)
    if not weights:
        return 1e4, False
    return (largest if combine == "visibility_max" else total / weights), True


def all_distances(
    query, gallery, metric="euclidean", combine="visibility_mean", rule="sqrt"
):
    """`(Q, G)` distances, and which pairs can be compared."""
    pairs = [
        [
            pair_distance(x, y, v, w, metric, combine, rule)
            for y, w in zip(gallery.embeddings, gallery.visibility)
        ]
        for x, v in zip(query.embeddings, query.visibility)
    ]
    pairs = np.array(pairs)
    return pairs[..., 0], pairs[..., 1].astype(bool)


def hpnet_release_distances(query, gallery):
    """Cosine distances of the query's parts, plus those of common parts."""
    result = np.zeros((len(query), len(gallery)))
    for q, g in np.ndindex(*result.shape):
        own, common, own_weight, weight = 0.0, 0.0, 0.0, 0.0
        for a, b, v, w in zip(
            query.embeddings[q],
            gallery.embeddings[g],
            np.float64(query.visibility[q]),
            np.float64(gallery.visibility[g]),
        ):
            a, b = np.float64(a), np.float64(b)
            distance = 1 - np.dot(a, b) / np.sqrt(np.dot(a, a) * np.dot(b, b))
            own, own_weight = own + v * distance, own_weight + v
            common, weight = common + v * w * distance, weight + v * w
        result[q, g] = own / own_weight if own_weight else 0.0
        result[q, g] += common / weight if weight else 1e4
    return result


def is_dropped(query, gallery, q, g, camera_mode):
    if gallery.identities[g] == -1:
        return True
    return (
        camera_mode == "real"
        and gallery.identities[g] == query.identities[q]
        and gallery.cameras[g] == query.cameras[q]
    )


def ranks_of_query(distances, query, gallery, q, ties, camera_mode):
    """Ranks of the positives after sorting the whole gallery, one by one."""
    entries = []
    for g, distance in enumerate(distances[q]):
        if not is_dropped(query, gallery, q, g, camera_mode):
            positive = gallery.identities[g] == query.identities[q]
            tie_break = {
                "pessimistic": int(positive),
                "optimistic": int(not positive),
                "stable": g,
            }[ties]
            entries.append((distance, tie_break, g, positive))
    entries.sort()
    return [rank for rank, entry in enumerate(entries, start=1) if entry[-1]]


def standard_precision(ranks):
    return float(np.mean([(i + 1) / r for i, r in enumerate(ranks)]))


def trapezoid_precision(ranks):
    total = 0.0
    for i, rank in enumerate(ranks, start=1):
        before = 1.0 if rank == 1 else (i - 1) / (rank - 1)
        total += 0.5 * (i / rank + before)
    return total / len(ranks)


def metrics(distances, query, gallery, ties, camera_mode, precision, max_rank):
    """Per-query lists (`None` where skipped), the CMC curve, mAP and mINP."""
    rows = [
        ranks_of_query(distances, query, gallery, q, ties, camera_mode)
        for q in range(len(query))
    ]
    counted = [row for row in rows if row]
    score = {"standard": standard_precision, "trapezoid": trapezoid_precision}
    return {
        "ranks": rows,
        "mAP": np.mean([score[precision](row) for row in counted]),
        "mINP": np.mean([len(row) / row[-1] for row in counted]),
        "cmc": [
            np.mean([row[0] <= k for row in counted])
            for k in range(1, max_rank + 1)
        ],
    }
