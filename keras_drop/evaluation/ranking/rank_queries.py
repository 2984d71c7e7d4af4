import numpy as np

from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_draws,
    check_positive,
)
from keras_drop.evaluation.ranking.positive_ranks import positive_ranks
from keras_drop.evaluation.ranking.rank_metrics import (
    average_precision as query_precision,
)
from keras_drop.evaluation.ranking.rank_metrics import inverse_negative_penalty
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.evaluation.ranking.single_gallery_shot import (
    single_gallery_shot,
)

# Wide enough to hide the loop over queries, 64 MB at 256 queries.
_GALLERY_CHUNK = 65_536


def rank_queries(
    distances,
    matches,
    num_queries,
    *,
    average_precision,
    ties,
    gallery_shot,
    repeats,
    seed,
    max_rank,
    query_block,
    gallery_chunk,
):
    """`RetrievalResult` of distances in the order of their `Matches`."""
    check_choice("average_precision", average_precision)
    check_choice("ties", ties)
    check_choice("gallery_shot", gallery_shot)
    check_draws(repeats, seed)
    gallery_chunk = _GALLERY_CHUNK if gallery_chunk is None else gallery_chunk
    check_positive("max_rank", max_rank)
    check_positive("query_block", query_block)
    check_positive("gallery_chunk", gallery_chunk)
    ranks, not_comparable = positive_ranks(
        distances, matches, ties, query_block, gallery_chunk
    )
    order = matches.query_order
    precision = np.full(num_queries, np.nan)
    precision[order] = [query_precision(r, average_precision) for r in ranks]
    penalty = np.full(num_queries, np.nan)
    penalty[order] = [inverse_negative_penalty(r) for r in ranks]
    first_rank = np.zeros(num_queries, "int64")
    first_rank[order] = [r[0] for r in ranks]
    hits = np.full((num_queries, max_rank), np.nan)
    if gallery_shot == "single":
        hits[order] = single_gallery_shot(
            distances,
            matches,
            ties,
            repeats,
            seed,
            max_rank,
            query_block,
            gallery_chunk,
        )
    else:
        hits[order] = first_rank[order, None] <= np.arange(1, max_rank + 1)
    num_ranked = len(matches.gallery_order) - np.array(
        [np.count_nonzero(~positive) for positive in matches.positives]
    )
    return RetrievalResult(
        hits=hits,
        average_precision=precision,
        first_rank=first_rank,
        inverse_negative_penalty=penalty,
        counted=first_rank > 0,
        num_not_comparable_pairs=int(not_comparable.sum()),
        num_not_comparable_queries=int(
            np.count_nonzero(not_comparable == num_ranked)
        ),
    )
