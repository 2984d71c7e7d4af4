"""Slow, obvious versions of what is done to descriptors before a search."""

import numpy as np

from tests.reference import ranking


def unit(vector):
    vector = np.float64(vector)
    return vector / np.linalg.norm(vector)


def neighbours(query, gallery, own_groups, groups, k, rule="sqrt"):
    """For each query, the `k` nearest it may have and can be compared with."""
    distances, comparable = ranking.all_distances(query, gallery, rule=rule)
    return [
        [
            g
            for g in np.argsort(distances[q], kind="stable")
            if comparable[q, g] and own_groups[q] != groups[g]
        ][:k]
        for q in range(len(query))
    ]


def merged(image, others, weights, fill_hidden):
    """Embeddings and visibility of one image after others were added.

    An image is a pair of `(parts, dim)` and `(parts,)`.
    """
    embeddings, visibility = np.float64(image[0]), np.float64(image[1])
    for part in range(len(visibility)):
        shown = [
            (weight, other[0][part], float(other[1][part]))
            for weight, other in zip(weights, others)
            if weight > 0 and other[1][part] > 0
        ]
        hidden = image[1][part] == 0
        if not shown or (hidden and not fill_hidden):
            continue
        total = sum(weight * seen * unit(e) for weight, e, seen in shown)
        if not hidden:
            total = total + float(image[1][part]) * unit(image[0][part])
        embeddings[part] = unit(total)
        if hidden:
            visibility[part] = max(seen for _, _, seen in shown)
    return embeddings, visibility


def similarity(query, q, gallery, g, rule="sqrt"):
    cosine, _ = ranking.pair_distance(
        query.embeddings[q],
        gallery.embeddings[g],
        query.visibility[q],
        gallery.visibility[g],
        "cosine",
        "visibility_mean",
        rule,
    )
    return max(1 - cosine, 0.0)


def query_expansion(
    query, gallery, own_groups, groups, k, alpha, fill_hidden, rule
):
    """`(Q, P, D)` embeddings and `(Q, P)` visibility."""
    near = neighbours(query, gallery, own_groups, groups, k, rule)
    images = []
    for q, rows in enumerate(near):
        weights = [
            similarity(query, q, gallery, g, rule) ** alpha for g in rows
        ]
        images.append(
            merged(image(query, q), pick(gallery, rows), weights, fill_hidden)
        )
    return map(np.array, zip(*images))


def feature_centralization(images, groups, k1, k2, fill_hidden):
    """The same of all queries and gallery images in one."""
    near = neighbours(images, images, groups, groups, max(k1, k2))
    result = []
    for i in range(len(images)):
        mutual = [j for j in near[i][:k1] if i in near[j][:k2]]
        result.append(
            merged(
                image(images, i),
                pick(images, mutual),
                [1.0] * len(mutual),
                fill_hidden,
            )
        )
    return map(np.array, zip(*result))


def fusion(photos, groups, weighting):
    """Embeddings and visibility of each group, in order of the labels."""
    embeddings, visibility = [], []
    for group in sorted(set(groups)):
        members = [n for n in range(len(photos)) if groups[n] == group]
        shares = np.float64(photos.visibility[members])
        vectors = []
        for part in range(shares.shape[1]):
            total = np.zeros(photos.embeddings.shape[2])
            for n, share in zip(members, shares[:, part]):
                weight = float(share > 0) if weighting == "equal" else share
                total += weight * unit(photos.embeddings[n, part])
            vectors.append(unit(total) if total.any() else total)
        embeddings.append(vectors)
        visibility.append(shares.max(axis=0))
    return np.array(embeddings), np.array(visibility)


def image(descriptors, row):
    return descriptors.embeddings[row], descriptors.visibility[row]


def pick(descriptors, rows):
    return [image(descriptors, row) for row in rows]
