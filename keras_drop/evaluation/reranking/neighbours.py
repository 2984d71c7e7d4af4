"""Neighbours of images, how far they are, and what they add, part by part."""

import dataclasses

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distances.nearest_columns import nearest_columns
from keras_drop.evaluation.distances.part_distances import (
    NO_COMMON_PART,
    PartDistances,
)
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY

# Small enough to stay in memory as float64, whatever the number of images.
_BLOCK = 256


def exclusion_groups(query, gallery, query_groups, gallery_groups):
    """Whole numbers from 0, one per query and one per gallery image.

    Images of one group are no neighbours of each other. Without groups no
    two images share one.

    Raises:
        ValueError: Labels of one side only, or not one per image.
    """
    counts = len(query), len(gallery)
    if query_groups is None and gallery_groups is None:
        labels = np.arange(sum(counts))
        return labels[: counts[0]], labels[counts[0] :]
    if query_groups is None or gallery_groups is None:
        raise ValueError(
            "Give `query_groups` and `gallery_groups`, or neither of them."
        )
    sides = np.asarray(query_groups), np.asarray(gallery_groups)
    if (sides[0].shape, sides[1].shape) != ((counts[0],), (counts[1],)):
        raise ValueError(
            f"{counts[0]} queries and {counts[1]} gallery images need one "
            f"group label each; `query_groups` has the shape "
            f"{sides[0].shape}, `gallery_groups` {sides[1].shape}."
        )
    _, labels = np.unique(np.concatenate(sides), return_inverse=True)
    return labels[: counts[0]], labels[counts[0] :]


def find_neighbours(query, gallery, groups, k, distance):
    """`(num_query, k)` rows of the gallery, nearest first; `-1` is nobody.

    An image of the same group, and one without a common part, is no
    neighbour.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        groups: Tuple of the groups of both, of `exclusion_groups`.
        k: Number of neighbours of a query.
        distance: `Distance` that they are nearest by.
    """
    rows, distances = nearest_columns(
        _told_apart(
            query,
            gallery,
            np.arange(len(query)),
            np.arange(len(gallery)),
            distance,
        ),
        k,
        *groups,
    )
    return np.where(distances >= NO_COMMON_PART, -1, rows)


def distances_to(query, gallery, rows, distance):
    """`(num_query, k)` float32 distances to the given rows of the gallery.

    NaN where the row is `-1`, and where the two have no part in common.
    """
    distances = np.full(rows.shape, np.nan, "float32")
    places = np.nonzero(rows >= 0)
    if not len(places[0]):
        return distances
    used, columns = np.unique(rows[places], return_inverse=True)
    found = _told_apart(
        query, gallery, np.arange(len(query)), used, distance
    ).pairs(places[0], columns)
    distances[places] = np.where(found >= NO_COMMON_PART, np.nan, found)
    return distances


def add_neighbours(images, others, rows, weights, fill_hidden):
    """`Descriptors` of the images after their neighbours were added.

    Part by part, every image and every neighbour counts as much as it shows
    of the part. A part to which nobody adds anything stays as it is.

    Args:
        images: `Descriptors` of `n` images.
        others: `Descriptors` of those that are added.
        rows: `(n, k)` rows of `others`; any where the weight is 0.
        weights: `(n, k)` floats, the image itself having 1.
        fill_hidden: Whether a part that the image hides is taken from the
            neighbours.
    """
    embeddings = images.embeddings.copy()
    visibility = images.visibility.copy()
    for first in range(0, len(images), _BLOCK):
        block = slice(first, first + _BLOCK)
        own = visible_shares(images.visibility[block])
        total = own[..., None] * unit_length(images.embeddings[block])
        most = np.zeros_like(own)
        for neighbours, weight in zip(rows[block].T, weights[block].T):
            seen = visible_shares(others.visibility[neighbours])
            share = weight[:, None] * seen
            total += share[..., None] * unit_length(
                others.embeddings[neighbours]
            )
            most = np.maximum(most, np.where(share > 0, seen, 0))
        filled = (own == 0) & (most > 0) & fill_hidden
        changed = (own > 0) & (most > 0) | filled
        embeddings[block][changed] = unit_length(total)[changed]
        visibility[block][filled] = most[filled]
    return Descriptors(embeddings, visibility, images.names)


def unit_length(embeddings):
    """Embeddings over their length as float64; zeros stay zeros."""
    embeddings = embeddings.astype("float64")
    lengths = np.linalg.norm(embeddings, axis=-1, keepdims=True)
    return embeddings / np.where(lengths > 0, lengths, 1.0)


def visible_shares(visibility):
    """Visibility as float64, with what counts as hidden set to 0."""
    visibility = visibility.astype("float64")
    return np.where(visibility < FAINTEST_VISIBILITY, 0.0, visibility)


def _told_apart(query, gallery, rows, columns, distance):
    """`PartDistances` that put images without a common part at 10,000."""
    distance = dataclasses.replace(distance, no_common="sentinel")
    return PartDistances(query, gallery, rows, columns, distance)
