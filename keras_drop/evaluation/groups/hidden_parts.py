import numpy as np

from keras_drop.checks import refuse_outside


def hidden_parts(
    visibility: np.ndarray, threshold: float = 0.5
) -> dict[str, np.ndarray]:
    """Groups images by how many of their body parts are hidden.

    What visibility is worth shows in the images that lack parts: the mean over
    all queries, most of which show everything, hides it.

    Args:
        visibility: `(num_images, num_parts)`, from 0 to 1 or bool: by the
            labels, or by a model, `descriptors.visibility`, without its
            embeddings of the whole person.
        threshold: Visibility below which a part is hidden.

    Returns:
        Dictionary from `"no part hidden"`, `"1 part hidden"`, … , as far as
        there are such images, to `(num_images,)` bool, for `stratify` and
        `table`. Every image is in one group.

    Raises:
        ValueError: An array of other axes, or a threshold that is no share.

    Example:
    >>> from keras_drop.evaluation import hidden_parts
    >>> groups = hidden_parts([[1, 1, 1], [0, 1, 0], [1, 1, 1]])
    >>> for name, images in groups.items():
    ...     print(name, images.tolist())
    no part hidden [True, False, True]
    2 parts hidden [False, True, False]
    """
    visibility = np.asarray(visibility)
    if visibility.ndim != 2:
        raise ValueError(
            "`visibility` is (num_images, num_parts), received "
            f"{visibility.shape}. Give that of `Descriptors`."
        )
    refuse_outside(0, 1, threshold=threshold)
    counts = (visibility < threshold).sum(axis=1)
    return {_name(count): counts == count for count in np.unique(counts)}


def _name(count):
    if count == 0:
        return "no part hidden"
    return f"{count} part{'s' if count > 1 else ''} hidden"
