from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_pair,
)
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.ranking.rank_queries import rank_queries
from keras_drop.evaluation.reranking.retrieval_distances import (
    retrieval_distances,
)


def evaluate_retrieval(
    query,
    gallery,
    query_records,
    gallery_records,
    *,
    metric="euclidean",
    combine="visibility_mean",
    visibility_weight="sqrt",
    no_common="sentinel",
    average_precision="standard",
    ties="pessimistic",
    camera_mode="real",
    gallery_shot="multi",
    repeats=100,
    seed=1,
    rerank="off",
    max_rank=50,
    query_block=256,
    gallery_chunk=None,
):
    """Ranks the gallery for every query and says how good the ranking is.

    Gallery images of the query's identity *and* camera are junk: they are
    left out, and so is identity `-1`. A query without any match in the rest
    is skipped, counted in `num_skipped` and in no metric. Only the positives
    are ranked, block by block: memory grows with the blocks, not with queries
    times gallery, and the result does not depend on them.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        metric: Distance of two embeddings of unit length: `"euclidean"`,
            `"sqeuclidean"` or `"cosine"`.
        combine: How the parts become one distance: `"visibility_mean"` over
            the parts that both images show, `"visibility_max"` of them, or
            the `"plain"` mean of all; `"hpnet_release"`, with the metric
            `"cosine"`, is for parity alone, see `PartDistances`.
        visibility_weight: Weight of a part with continuous visibility in the
            mean: `"sqrt"` of the product of the two, or the `"product"`.
        no_common: Distance without a common part: the `"sentinel"` 10,000,
            or `"max_plus_1"`, the largest distance plus one. Both put such
            pairs last, so no metric depends on it; the second computes all
            distances once more to find the largest.
        average_precision: `"standard"` or `"trapezoid"`.
        ties: A negative at the distance of a positive is ahead of it
            (`"pessimistic"`), behind it (`"optimistic"`), or as they stand in
            the gallery (`"stable"`).
        camera_mode: `"real"`; `"fake"` (queries and gallery are different
            cameras) and `"none"` drop identity `-1` only.
        gallery_shot: `"multi"`, or `"single"`: the CMC curve is the mean over
            galleries of one image of each identity, drawn among those that
            the query ranks. All else, such as the average precision, stays
            that of the full gallery.
        repeats: Number of draws per query, or `"exact"`: the expectation over
            all draws. For single gallery shots only, like the next.
        seed: Integer from 0. The draws follow from it and from the row of the
            query; neither distances nor blocks change them.
        rerank: `"off"`, or the preset of the k-reciprocal re-ranking of all
            queries with the gallery, as in `rerank`: `"zhong2017"`,
            `"torchreid"` or `"transreid"`. Gallery images of identity `-1`
            take no part in it. Every pair can be compared after it, if only
            through its neighbours, so `no_common` has no say.
        max_rank: Length of the CMC curve; beyond the gallery its last value
            is repeated.
        query_block: Number of queries at a time; multiples of 128 waste
            nothing.
        gallery_chunk: Number of gallery images at a time, best a multiple of
            1024. Left out, at most 65,536.

    Returns:
        `RetrievalResult`.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            nothing to compare, an unknown option, no query with a match, or
            too few images to re-rank.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import evaluate_retrieval
    >>> query = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    >>> gallery = Descriptors([[0.9, 0.1], [1.0, 1.0], [0.2, 1.0]])
    >>> result = evaluate_retrieval(query, gallery,
    ...     Records(["a", "b"], [1, 2], [0, 0]),
    ...     Records(["c", "d", "e"], [1, 2, 3], [1, 1, 1]))
    >>> result.metrics["rank-1"], result.metrics["mAP"]
    (0.5, 0.75)

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.133)
    """
    check_pair(query, gallery, query_records, gallery_records)
    check_choice("camera_mode", camera_mode)
    matches = find_matches(query_records, gallery_records, camera_mode)
    distances = retrieval_distances(
        query,
        gallery,
        matches.query_order,
        matches.gallery_order,
        metric=metric,
        combine=combine,
        visibility_weight=visibility_weight,
        no_common=no_common,
        rerank=rerank,
    )
    return rank_queries(
        distances,
        matches,
        len(query_records),
        average_precision=average_precision,
        ties=ties,
        gallery_shot=gallery_shot,
        repeats=repeats,
        seed=seed,
        max_rank=max_rank,
        query_block=query_block,
        gallery_chunk=gallery_chunk,
    )
