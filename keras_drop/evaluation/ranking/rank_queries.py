import numpy as np

from keras_drop.evaluation.ranking.positive_ranks import positive_ranks
from keras_drop.evaluation.ranking.rank_metrics import (
    average_precision,
    inverse_negative_penalty,
)
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.evaluation.ranking.single_gallery_shot import (
    single_gallery_shot,
)


def rank_queries(distances, matches, num_queries, protocol):
    """`RetrievalResult` of distances in the order of their `Matches`.

    Args:
        distances: Object with `shape`, `block(rows, columns)` and
            `no_common_distance`, such as `PartDistances`.
        matches: `Matches`.
        num_queries: Number of all queries, those without a match included.
        protocol: `Protocol`.
    """
    ranks, not_comparable = positive_ranks(distances, matches, protocol.ties)
    order = matches.query_order
    precision = np.full(num_queries, np.nan)
    precision[order] = [
        average_precision(r, protocol.average_precision) for r in ranks
    ]
    penalty = np.full(num_queries, np.nan)
    penalty[order] = [inverse_negative_penalty(r) for r in ranks]
    first_rank = np.zeros(num_queries, "int64")
    first_rank[order] = [r[0] for r in ranks]
    hits = np.full((num_queries, protocol.max_rank), np.nan)
    if protocol.gallery_shot == "single":
        hits[order] = single_gallery_shot(distances, matches, protocol)
    else:
        numbers = np.arange(1, protocol.max_rank + 1)
        hits[order] = first_rank[order, None] <= numbers
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
