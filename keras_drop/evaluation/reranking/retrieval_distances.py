from keras_drop.evaluation.distances.check_inputs import check_choice
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.reranking.rerank import rerank_rows, rerank_settings


def retrieval_distances(
    query,
    gallery,
    query_rows,
    gallery_rows,
    *,
    metric,
    combine,
    visibility_weight,
    no_common,
    rerank,
):
    """`PartDistances`, or `RerankedDistances` where `rerank` is not `"off"`.

    Takes the options of `evaluate_retrieval`, and refuses unknown ones.
    """
    check_choice("metric", metric)
    check_choice("combine", combine)
    check_choice("visibility_weight", visibility_weight)
    check_choice("no_common", no_common)
    check_choice("rerank", rerank)
    sides = query, gallery, query_rows, gallery_rows
    options = metric, combine, visibility_weight
    if rerank == "off":
        return PartDistances(*sides, *options, no_common)
    settings = rerank_settings(len(query) + len(gallery_rows), rerank)
    return rerank_rows(*sides, settings, options)
