from keras_drop.checks import checked_choice
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.reranking.rerank import (
    PRESETS,
    rerank_rows,
    rerank_settings,
)


def retrieval_distances(both, query_rows, gallery_rows, distance, rerank):
    """`PartDistances`, or `RerankedDistances` where `rerank` is not `"off"`.

    Args:
        both: `Comparison`.
        query_rows: Integers, which queries are the rows, in this order.
        gallery_rows: Integers, which gallery images are the columns.
        distance: `Distance`.
        rerank: `"off"`, or a preset of `rerank`.

    Raises:
        ValueError: Another word for `rerank`, or too few images for it.
    """
    check_rerank(rerank)
    sides = both.query, both.gallery, query_rows, gallery_rows
    if rerank == "off":
        return PartDistances(*sides, distance)
    settings = rerank_settings(len(both.query) + len(gallery_rows), rerank)
    return rerank_rows(*sides, settings, distance)


def check_rerank(rerank):
    """Refuses another word than `"off"` and the presets."""
    checked_choice("rerank", rerank, ("off", *PRESETS))
