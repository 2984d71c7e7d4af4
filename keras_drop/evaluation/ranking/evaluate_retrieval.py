from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.ranking.rank_queries import rank_queries
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.evaluation.reranking.rerank import Rerank
from keras_drop.evaluation.reranking.retrieval_distances import (
    retrieval_distances,
)
from keras_drop.records import Records


def evaluate_retrieval(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    distance: Distance = Distance(),
    protocol: Protocol | str = Protocol(),
    rerank: Rerank = "off",
) -> RetrievalResult:
    """Ranks the gallery for every query and says how good the ranking is.

    Gallery images of the query's identity *and* camera are junk: they are
    left out, and so is identity `-1`. A query without any match in the rest
    is skipped, counted in `num_skipped` and in no metric. Only the positives
    are ranked, block by block: memory grows with the blocks, not with queries
    times gallery, and the result does not depend on their size.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        distance: `Distance`: how far two images are apart.
        protocol: `Protocol`, or the name of one: which pairs are junk, who is
            ahead at equal distance, which average precision, how long the
            CMC curve is, and whether it is of one gallery image a person.
        rerank: `"off"`, or the preset of the k-reciprocal re-ranking of all
            queries with the gallery, as in `rerank`: `"zhong2017"`,
            `"torchreid"` or `"transreid"`. Gallery images of identity `-1`
            take no part in it.

    Returns:
        `RetrievalResult`.

    Raises:
        ValueError: Descriptors and records that do not fit each other,
            nothing to compare, an unknown protocol or preset, no query with a
            match, or too few images to re-rank.

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
    both = Comparison(query, gallery, query_records, gallery_records)
    return evaluate_comparison(both, distance, Protocol.of(protocol), rerank)


def evaluate_comparison(both, distance, protocol, rerank="off"):
    """`evaluate_retrieval` of a `Comparison`."""
    matches = find_matches(
        both.query_records, both.gallery_records, protocol.camera_mode
    )
    distances = retrieval_distances(
        both, matches.query_order, matches.gallery_order, distance, rerank
    )
    return rank_queries(distances, matches, len(both.query), protocol)
