"""Distances of one query, and what is said of those who were found."""

import json

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.evaluation.distances.streaming import stream_distances
from keras_drop.evaluation.reranking.multi_query_fusion import (
    multi_query_fusion,
)
from keras_drop.evaluation.reranking.neighbours import unit_length
from keras_drop.gallery.searching.hits import Hit
from keras_drop.gallery.storing.vectors import shown


def one_person(descriptors, parts):
    """`Descriptors` of one row: of all photos of the query, and some parts.

    Args:
        descriptors: `Descriptors` of the photos.
        parts: Names of the parts to compare, `None` for all.

    Raises:
        ValueError: No photo, or unknown parts.
    """
    if not len(descriptors):
        raise ValueError("The query has no photo.")
    if len(descriptors) > 1:
        descriptors, _ = multi_query_fusion(
            descriptors, np.zeros(len(descriptors), int)
        )
    if parts is None:
        return descriptors
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    refuse_unknown_names("parts", parts, descriptors.names)
    chosen = np.isin(descriptors.names, parts)
    return Descriptors(
        descriptors.embeddings,
        np.where(chosen, descriptors.visibility, 0).astype(
            descriptors.visibility.dtype
        ),
        descriptors.names,
    )


def all_distances(query, gallery, rows, distance):
    """`(n,)` float32 distances of one query to some rows of the gallery."""
    found = np.empty(len(rows), "float32")

    def start(_):
        def add(block, first):
            found[first : first + block.shape[1]] = block[0]

        return add

    if len(rows):
        distances = PartDistances(query, gallery, [0], rows, distance)
        stream_distances(distances, start)
    return found


def one_each(places, identities):
    """Of ordered places the first of every identity, and all without one."""
    seen, kept = set(), []
    for place in places:
        identity = identities[place]
        if identity is None or identity not in seen:
            seen.add(identity)
            kept.append(place)
    return np.array(kept, int)


def make_hits(query, rows, distances, distance, verdict):
    """List of `Hit`.

    Args:
        query: `Descriptors` of one row.
        rows: List of dictionaries of `Store.rows`, nearest first.
        distances: Dictionary from their numbers to their distances.
        distance: `Distance` that they are of.
        verdict: `PairVerdict` or `None`.
    """
    if not rows:
        return []
    found = stored_descriptors(rows, query.names)
    both = (found.visibility >= FAINTEST_VISIBILITY) & (
        query.visibility >= FAINTEST_VISIBILITY
    )
    by_part = _part_distances(query, found, distance.metric)
    words = np.where(both.any(axis=1), "", "not comparable")
    probability = np.full(len(rows), np.nan)
    if verdict is not None:
        judged = verdict.predict(query, found, np.arange(len(rows))[None])
        words, probability = judged.verdict[0], judged.probability[0]
    return [
        Hit(
            row["id"],
            float(distances[row["id"]]),
            str(words[k]),
            float(probability[k]),
            {
                name: float(by_part[k, part])
                for part, name in enumerate(query.names)
                if both[k, part]
            },
            row["identity"],
            row["camera"],
            row["time"],
            row["path"],
            json.loads(row["columns"]),
            row["thumbnail"],
        )
        for k, row in enumerate(rows)
    ]


def stored_descriptors(rows, names):
    """`Descriptors` of dictionaries of `Store.rows`.

    Args:
        rows: At least one.
        names: Names of the parts.
    """
    return Descriptors(
        np.stack(
            [
                np.frombuffer(row["embedding"], "float32").reshape(
                    len(names), -1
                )
                for row in rows
            ]
        ),
        shown(
            np.stack(
                [np.frombuffer(row["visibility"], "float32") for row in rows]
            )
        ),
        names,
    )


def is_known(hits, unknown_above, verdict):
    """Whether the nearest of all is near enough, `None` if nothing says so."""
    if unknown_above is None and verdict is None:
        return None if hits else False
    if not hits or hits[0].verdict == "not comparable":
        return False
    if unknown_above is not None:
        return hits[0].distance <= unknown_above
    return hits[0].verdict == "same"


def _part_distances(query, found, metric):
    """`(n, parts)` distances of the embeddings of each part."""
    cosines = np.einsum(
        "pd,npd->np",
        unit_length(query.embeddings[0]),
        unit_length(found.embeddings),
    )
    if metric == "cosine":
        return 1 - cosines
    squares = np.maximum(2 - 2 * cosines, 0)
    return squares if metric == "sqeuclidean" else np.sqrt(squares)
