"""What a stage of occlusion may know beside the pixels."""

import dataclasses
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass(frozen=True)
class Scene:
    """What a stage of occlusion may know beside the pixels.

    Args:
        parts: `(height, width)` uint8 part numbers of the image that are
            still visible, 0 for the background; `None` without a label.
        person: Function from a `numpy.random.Generator` to an image of
            somebody else, `(h, w, 3)` uint8, and the mask that cuts the person
            out of it, `(h, w)` uint8 from 0 to 255; or to `None` if there is
            nobody. `None` if there are no other images.
        epoch: Number of the epoch, from 0.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import Scene
    >>> scene = Scene(parts=np.array([[0, 1], [2, 2]], "uint8"), epoch=3)
    >>> scene.without(np.array([[True, True], [False, True]])).parts.tolist()
    [[0, 0], [2, 0]]
    """

    parts: np.ndarray | None = None
    person: Callable | None = None
    epoch: int = 0

    def without(self, hidden):
        """The scene after the `(height, width)` bool `hidden` pixels."""
        if self.parts is None:
            return self
        parts = np.where(hidden, np.uint8(0), self.parts)
        return dataclasses.replace(self, parts=parts)
