import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.groups.body_parts import body_parts


def missing_parts(
    descriptors: Descriptors, threshold: float = 0.5
) -> dict[str, np.ndarray]:
    """Groups images by the body parts that are not seen in them.

    An image is in the group of every part that it misses, so in several or,
    if all of its parts are seen, in the last one.

    Args:
        descriptors: `Descriptors`; the embeddings `"global"` and
            `"foreground"` are no body parts.
        threshold: Visibility below which a part is missing.

    Returns:
        Dictionary from `"no <part>"`, in the order of the parts, and
        `"all parts"` to `(num_images,)` bool, for `stratify` and `table`.

    Raises:
        ValueError: Descriptors without body parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import missing_parts
    >>> seen = Descriptors(np.ones((3, 2, 2)), [[1, 0], [0, 0], [1, 1]],
    ...     ["head", "feet"])
    >>> for name, images in missing_parts(seen).items():
    ...     print(name, images.tolist())
    no head [False, True, False]
    no feet [True, True, False]
    all parts [False, False, True]
    """
    names, visibility = body_parts(descriptors)
    missing = visibility < threshold
    groups = {f"no {name}": column for name, column in zip(names, missing.T)}
    return {**groups, "all parts": ~missing.any(axis=1)}
