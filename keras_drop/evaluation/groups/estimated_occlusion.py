import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.groups.body_parts import body_parts


def estimated_occlusion(descriptors: Descriptors) -> np.ndarray:
    """Share of the body parts that a model does not see in each image.

    Stands in for the true occlusion, which real data sets do not tell: give
    it to `occlusion_levels`. It is the opinion of one model, so compare
    models over the estimate of one of them.

    Args:
        descriptors: `Descriptors`; the embeddings `"global"` and
            `"foreground"` are no body parts.

    Returns:
        `(num_images,)` floats in `[0, 1]`, one minus the mean visibility.

    Raises:
        ValueError: Descriptors without body parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import estimated_occlusion
    >>> seen = Descriptors(np.ones((1, 5, 2)), [[1, 1, 0, 0, 0]],
    ...     ["foreground", "head", "torso", "legs", "feet"])
    >>> estimated_occlusion(seen).tolist()
    [0.75]
    """
    return 1.0 - body_parts(descriptors)[1].mean(axis=1, dtype="float64")
