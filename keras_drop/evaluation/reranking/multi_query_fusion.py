from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from keras_drop.checks import checked_choice
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.reranking.neighbours import (
    unit_length,
    visible_shares,
)


def multi_query_fusion(
    descriptors: Descriptors,
    groups: ArrayLike,
    *,
    weighting: Literal["visibility", "equal"] = "visibility",
) -> tuple[Descriptors, np.ndarray]:
    """One descriptor of several photos of a person, part by part.

    The embedding of a part is the mean of the unit embeddings of those photos
    that show it, brought to unit length; what a photo hides never enters. The
    part is as visible as in the photo that shows most of it, and hidden, with
    an embedding of zeros, where no photo shows it.

    Args:
        descriptors: `Descriptors` of all photos.
        groups: `(num_images,)` labels, the same for photos to be fused, such
            as a track or an identity and camera.
        weighting: How much a photo that shows a part counts: by its
            `"visibility"`, or all the same, `"equal"`. It makes no difference
            where visibility is yes or no.

    Returns:
        Tuple of the `Descriptors` of the groups, in ascending order of their
        labels, and `(num_groups,)` integers, the first row of each: with them
        `groups[rows]` are the labels and `records[rows]` fitting `Records`.

    Raises:
        ValueError: No photo, not one label per photo, or an unknown option.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import multi_query_fusion
    >>> photos = Descriptors([[[1.0, 0.0], [3.0, 3.0]], [[0.0, 1.0],
    ...     [0.0, 2.0]]], [[True, False], [True, True]])
    >>> fused, rows = multi_query_fusion(photos, ["track 1", "track 1"])
    >>> fused.embeddings.astype(float).round(3).tolist(), rows.tolist()
    ([[[0.707, 0.707], [0.0, 1.0]]], [0])

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.133)
    """
    checked_choice("weighting", weighting, ("visibility", "equal"))
    groups = np.asarray(groups)
    if groups.shape != (len(descriptors),) or not len(groups):
        raise ValueError(
            f"{len(descriptors)} photos need one group label each, and at "
            f"least one photo; `groups` has the shape {groups.shape}."
        )
    _, rows, numbers = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(rows)))
    shares = visible_shares(descriptors.visibility[order])
    visibility = np.maximum.reduceat(shares, starts)
    if weighting == "equal":
        shares = (shares > 0).astype("float64")
    # Part after part, so that only one of them is held as float64.
    embeddings = np.empty((len(rows), *descriptors.embeddings.shape[1:]))
    for k in range(embeddings.shape[1]):
        units = unit_length(descriptors.embeddings[order, k])
        embeddings[:, k] = unit_length(
            np.add.reduceat(shares[:, k, None] * units, starts)
        )
    visibility = visibility.astype(descriptors.visibility.dtype)
    return Descriptors(embeddings, visibility, descriptors.names), rows
