"""Where a model fails, as a table: one row for every group of queries."""

from keras_drop.checks import checked_choice
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.groups.common_parts import common_parts
from keras_drop.evaluation.groups.estimated_occlusion import estimated_occlusion
from keras_drop.evaluation.groups.evaluate_camera_pairs import (
    evaluate_camera_pairs,
)
from keras_drop.evaluation.groups.missing_parts import missing_parts
from keras_drop.evaluation.groups.occlusion_levels import (
    known_levels,
    occlusion_levels,
)
from keras_drop.evaluation.groups.table import table
from keras_drop.records import Records

GROUPS = ("occlusion", "missing_part", "common_parts", "camera_pair")


def group_table(
    by: str,
    card,
    query: Descriptors,
    gallery: Descriptors,
    splits: dict[str, Records],
) -> str:
    """The result of a card by groups of its queries, as a Markdown table.

    Args:
        by: `"occlusion"`, of the records where they tell it, else estimated
            from the visible parts; `"missing_part"`; `"common_parts"`, as
            many as a query shares with the best of its matches; or
            `"camera_pair"`, each ranked on its own, without re-ranking.
        card: `ResultCard`.
        query: `Descriptors` of its queries.
        gallery: `Descriptors` of its gallery.
        splits: Dictionary of `Records` with `"query"` and `"gallery"`.

    Returns:
        String; see `table`.

    Raises:
        ValueError: Descriptors without body parts where they are asked for,
            or another word for `by`.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import group_table
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> seen = Descriptors(np.eye(4).reshape(2, 2, 4), [[1, 0], [1, 1]])
    >>> card = evaluate((seen, seen), splits, "market1501", model="m")
    >>> text = group_table("common_parts", card, seen, seen, splits)
    >>> for line in text.split("\\n"):
    ...     print(line[:34])
    | method | queries with | rank-1 |
    | :----- | :----------- | -----: |
    | m      | all          |  100.0 |
    | m      | 1            |  100.0 |
    | m      | 2            |  100.0 |
    """
    checked_choice("by", by, GROUPS)
    records = splits["query"], splits["gallery"]
    if by == "camera_pair":
        pairs = evaluate_camera_pairs(
            query,
            gallery,
            *records,
            distance=card.distance,
            protocol=card.protocol,
        )
        return table(
            {
                f"camera {first} -> {second}": result
                for (first, second), result in pairs.items()
            }
        )
    return table(
        {card.title: card.result}, _groups(by, card, query, gallery, records)
    )


def _groups(by, card, query, gallery, records):
    if by == "occlusion":
        told = {}
        if "occlusion" in records[0].column_names:
            told = known_levels(records[0].occlusion)
        if told:
            return told
        return occlusion_levels(estimated_occlusion(query))
    if by == "missing_part":
        return missing_parts(query)
    camera_mode = card.protocol.camera_mode
    return common_parts(query, gallery, *records, camera_mode=camera_mode)
