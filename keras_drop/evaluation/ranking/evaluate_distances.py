from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_distances,
)
from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.ranking.matches import find_matches
from keras_drop.evaluation.ranking.rank_queries import rank_queries


def evaluate_distances(
    distances,
    query_records,
    gallery_records,
    *,
    average_precision="standard",
    ties="pessimistic",
    camera_mode="real",
    gallery_shot="multi",
    repeats=100,
    seed=1,
    max_rank=50,
    query_block=256,
    gallery_chunk=None,
):
    """`evaluate_retrieval` of distances that are there already.

    Args:
        distances: `(num_query, num_gallery)` floats without NaN, smaller is
            closer.
        query_records: `Records` of the rows.
        gallery_records: `Records` of the columns.
        average_precision: As in `evaluate_retrieval`, like all that follow.
        ties: Who is ahead at equal distance.
        camera_mode: Whether the cameras are real.
        gallery_shot: Whether the CMC is of one image per identity.
        repeats: Number of draws of these images, or `"exact"`.
        seed: Integer from which the draws follow.
        max_rank: Length of the CMC curve.
        query_block: Number of queries at a time.
        gallery_chunk: Number of gallery images at a time.

    Returns:
        `RetrievalResult`.

    Raises:
        ValueError: Distances of another shape or with NaN, an unknown option,
            or no query with a match.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate_distances
    >>> result = evaluate_distances([[0.3, 0.1, 0.2]],
    ...     Records(["a"], [7], [0]), Records(["b", "c", "d"], [7, 7, 8],
    ...     [1, 0, 1]))
    >>> result.first_rank.tolist()
    [2]
    """
    check_choice("camera_mode", camera_mode)
    distances = check_distances(distances, query_records, gallery_records)
    matches = find_matches(query_records, gallery_records, camera_mode)
    return rank_queries(
        GivenDistances(distances, matches.query_order, matches.gallery_order),
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
