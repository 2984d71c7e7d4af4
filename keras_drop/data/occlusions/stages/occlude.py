"""One stage after the other."""

import numpy as np

from keras_drop.data.occlusions.scene.scene import Scene


def occlude(image, stages, rng, scene=None):
    """Hides an image by one stage after the other.

    Args:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        stages: Stages in their order. A stage is any function of an image, a
            generator and a `Scene` that changes the image in place and returns
            the `(height, width)` bool pixels that it hid.
        rng: `numpy.random.Generator`.
        scene: `Scene`; each stage is told what the ones before have left.

    Returns:
        The image, and the `(height, width)` bool pixels that any stage hid.

    Raises:
        ValueError: An image that is not float32.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import occlude
    >>> from keras_drop.data.occlusions import GridMask, RandomErasing
    >>> image = np.zeros((64, 32, 3), "float32")
    >>> image, hidden = occlude(
    ...     image, (GridMask(probability=1.0), RandomErasing(probability=1.0)),
    ...     np.random.default_rng(1))
    >>> hidden.shape, bool(hidden.any())
    ((64, 32), True)
    """
    if image.dtype != np.float32:
        raise ValueError(
            f"Images are hidden in place, which needs float32; this one has "
            f"{image.dtype}. Give `image.astype('float32')`."
        )
    scene = scene or Scene()
    hidden = None
    for stage in stages:
        now = stage(image, rng, scene)
        hidden = now if hidden is None else hidden | now
        scene = scene.without(now)
    if hidden is None:
        hidden = np.zeros(image.shape[:2], bool)
    return image, hidden


def labelled_stages(stages):
    """Names of the stages that work on parsing labels alone."""
    return [
        type(stage).__name__
        for stage in stages
        if getattr(stage, "needs_labels", False)
    ]
