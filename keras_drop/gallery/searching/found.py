"""Distances of one query, and what is said of those who were found."""

import json

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.evaluation.reranking.multi_query_fusion import (
    multi_query_fusion,
)
from keras_drop.evaluation.reranking.neighbours import unit_length
from keras_drop.gallery.searching.hits import Hit
from keras_drop.gallery.storing.described import shown


def one_person(descriptors):
    """`Descriptors` of one row: of all photos of a query.

    Raises:
        ValueError: No photo.
    """
    if not len(descriptors):
        raise ValueError("The query has no photo.")
    if len(descriptors) > 1:
        descriptors, _ = multi_query_fusion(
            descriptors, np.zeros(len(descriptors), int)
        )
    return descriptors


def only_parts(people, parts, distance):
    """`Descriptors` of people of whom only some parts are looked at.

    Args:
        people: `Descriptors`.
        parts: Names of the parts to compare, `None` for all.
        distance: `Distance` of the search.

    Raises:
        ValueError: Unknown parts, none, or some by a distance of all.
    """
    if parts is None:
        return people
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    refuse_unknown_names("parts", parts, people.names)
    if not parts:
        raise ValueError(
            "`parts` is empty, so that nothing could be compared. Leave it "
            "out to compare all of them."
        )
    chosen = np.isin(people.names, parts)
    if distance.combine == "plain" and not chosen.all():
        raise ValueError(
            f"`parts` is {parts!r}, and this gallery compares all parts, "
            'hidden ones too: `combine="plain"`. Leave `parts` out, or make '
            'a gallery with `distance=Distance(combine="visibility_mean")`.'
        )
    return Descriptors(
        people.embeddings,
        np.where(chosen, people.visibility, 0).astype(people.visibility.dtype),
        people.names,
    )


def make_hits(query, rows, distances, about, verdict):
    """List of `Hit`.

    Args:
        query: `Descriptors` of one row.
        rows: List of dictionaries of `Store.rows`, nearest first.
        distances: Dictionary from their numbers to their distances.
        about: What is known about the gallery.
        verdict: `PairVerdict` or `None`.
    """
    if not rows:
        return []
    found = stored_descriptors(rows, query.names, about["precision"])
    both = np.minimum(found.visibility, query.visibility) >= FAINTEST_VISIBILITY
    distance = Distance(**about["distance"])
    if distance.combine == "plain":
        both[:] = True
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


def stored_descriptors(rows, names, precision):
    """`Descriptors` of dictionaries of `Store.rows`.

    Args:
        rows: At least one.
        names: Names of the parts.
        precision: Of the embeddings.
    """
    return Descriptors(
        np.stack(
            [
                np.frombuffer(row["embedding"], precision).reshape(
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
