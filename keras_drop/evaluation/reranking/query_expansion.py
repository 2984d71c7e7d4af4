import dataclasses

import numpy as np
from numpy.typing import ArrayLike

from keras_drop.checks import refuse_no_whole
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import check_descriptors
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.reranking.neighbours import (
    add_neighbours,
    distances_to,
    exclusion_groups,
    find_neighbours,
)


def query_expansion(
    query: Descriptors,
    gallery: Descriptors,
    num_neighbours: int = 5,
    alpha: float = 0.0,
    *,
    fill_hidden: bool = False,
    distance: Distance = Distance(),
    query_groups: ArrayLike | None = None,
    gallery_groups: ArrayLike | None = None,
) -> Descriptors:
    """Queries averaged with their nearest gallery images, part by part.

    The new embedding of a part is the mean of the unit embeddings of the
    query and of those neighbours that show the part, each weighted with its
    visibility and, with `alpha`, with its similarity to the query. What an
    image hides never enters. No identity and no camera is looked at: this is
    allowed in a fair test, and a wrong neighbour does harm.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        num_neighbours: Number of gallery images that are added to a query;
            with 0 nothing changes. Images without a common part are not
            added.
        alpha: Power of the similarity that weighs a neighbour. Similarity is
            the mean cosine over the parts that both show, weighted as the
            distance is, and at least 0. With 0 all weigh the same: average
            query expansion.
        fill_hidden: Whether a part that the query hides becomes visible if a
            neighbour shows it. It is off, because nothing in the query could
            contradict that neighbour: if it is somebody else, the query would
            be searched with a stranger's legs, with full weight.
        distance: `Distance` that the neighbours are nearest by.
        query_groups: `(num_query,)` labels: gallery images with the label of
            a query are not its neighbours. With file names, a query that is
            in the gallery too is not its own neighbour. Left out, all are.
        gallery_groups: `(num_gallery,)` labels, given with `query_groups`.

    Returns:
        `Descriptors` of the queries. Changed embeddings have unit length.

    Raises:
        ValueError: Descriptors that do not fit each other, nothing to
            compare, an unknown option, or a negative number.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import query_expansion
    >>> query = Descriptors([[[1.0, 0.0], [1.0, 0.0]]], [[True, False]])
    >>> gallery = Descriptors([[[0.6, 0.8], [0.0, 1.0]], [[-1.0, 0.0],
    ...     [1.0, 0.0]]])
    >>> expanded = query_expansion(query, gallery, num_neighbours=1)
    >>> expanded.embeddings.astype(float).round(3).tolist()
    [[[0.894, 0.447], [1.0, 0.0]]]
    >>> query_expansion(query, gallery, 1, fill_hidden=True).visibility.tolist()
    [[True, True]]

    Reference:
        [Chum et al., 2007](https://doi.org/10.1109/ICCV.2007.4408891), with
        `alpha` [Radenović et al., 2019](https://arxiv.org/abs/1711.02512)
    """
    check_descriptors(query, gallery)
    refuse_no_whole(num_neighbours=num_neighbours)
    if not 0 <= alpha < np.inf:
        raise ValueError(f"`alpha` is a power from 0; it is {alpha}.")
    groups = exclusion_groups(query, gallery, query_groups, gallery_groups)
    if not num_neighbours:
        return query
    rows = find_neighbours(query, gallery, groups, num_neighbours, distance)
    weights = (rows >= 0).astype("float64")
    if alpha:
        cosine = dataclasses.replace(
            distance, metric="cosine", combine="visibility_mean"
        )
        cosines = 1 - distances_to(query, gallery, rows, cosine)
        weights = np.maximum(np.nan_to_num(cosines), 0) ** alpha
    return add_neighbours(query, gallery, rows, weights, fill_hidden)
