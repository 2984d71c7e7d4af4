import numpy as np
from numpy.typing import ArrayLike

from keras_drop.checks import refuse_no_whole
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import check_descriptors
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.reranking.neighbours import (
    add_neighbours,
    exclusion_groups,
    find_neighbours,
)


def neighbour_feature_centralization(
    query: Descriptors,
    gallery: Descriptors,
    k1: int = 2,
    k2: int = 2,
    *,
    fill_hidden: bool = False,
    distance: Distance = Distance(),
    query_groups: ArrayLike | None = None,
    gallery_groups: ArrayLike | None = None,
) -> tuple[Descriptors, Descriptors]:
    """Moves every image towards those that it is a mutual neighbour of.

    Among all queries and gallery images, image `j` is added to image `i` if
    `j` is one of the `k1` nearest others of `i`, and `i` one of the `k2`
    nearest others of `j`. Added are the unit embeddings of each part, as far
    as the part is visible; their sum is brought to unit length. What an image
    hides never enters. No identity and no camera is looked at, but queries
    see each other: the result of one query depends on the rest of the test
    set, which must be said where it is reported.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        k1: Number of nearest others that may be added to an image; with 0
            nothing changes.
        k2: Among how many of their nearest others the image has to be.
        fill_hidden: Whether a part that an image hides becomes visible if a
            mutual neighbour shows it; off, as in `query_expansion`.
        distance: `Distance` that the neighbours are nearest by.
        query_groups: `(num_query,)` labels: images of one label are no
            neighbours, on the same side too. With file names, a query that
            is in the gallery too is not its own neighbour. Left out, all
            images differ.
        gallery_groups: `(num_gallery,)` labels, given with `query_groups`.

    Returns:
        Tuple of the `Descriptors` of the queries and of the gallery. Changed
        embeddings have unit length.

    Raises:
        ValueError: Descriptors that do not fit each other, nothing to
            compare, an unknown option, or a negative number.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import neighbour_feature_centralization
    >>> query = Descriptors([[1.0, 0.0]])
    >>> gallery = Descriptors([[0.6, 0.8], [-1.0, 0.1]])
    >>> query, gallery = neighbour_feature_centralization(query, gallery, 1, 1)
    >>> query.embeddings.astype(float).round(3).tolist()
    [[[0.894, 0.447]]]
    >>> gallery.embeddings.astype(float).round(3)[1].tolist()
    [[-1.0, 0.1]]

    Reference:
        [Yuan et al., 2025](https://arxiv.org/abs/2503.00938)
    """
    check_descriptors(query, gallery)
    refuse_no_whole(k1=k1, k2=k2)
    groups = exclusion_groups(query, gallery, query_groups, gallery_groups)
    if not k1 or not k2:
        return query, gallery
    images = Descriptors(
        np.concatenate([query.embeddings, gallery.embeddings]),
        np.concatenate([query.visibility, gallery.visibility]),
        query.names,
    )
    labels = np.concatenate(groups)
    rows = find_neighbours(
        images,
        images,
        (labels, labels),
        max(k1, k2),
        distance,
    )
    near = rows[:, :k1]
    numbers = np.arange(len(images))[:, None, None]
    mutual = (rows[near, :k2] == numbers).any(axis=2) & (near >= 0)
    images = add_neighbours(
        images, images, near, mutual.astype("float64"), fill_hidden
    )
    return (
        _side(images, slice(len(query)), query),
        _side(images, slice(len(query), None), gallery),
    )


def _side(images, rows, before):
    """`Descriptors` of a side, of the kind that it was before."""
    return Descriptors(
        images.embeddings[rows],
        images.visibility[rows].astype(before.visibility.dtype),
        before.names,
    )
