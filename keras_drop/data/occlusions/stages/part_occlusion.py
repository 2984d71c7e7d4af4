"""Part occlusion: one or two body parts vanish."""

import dataclasses

import cv2
import numpy as np

from keras_drop.checks import refuse_no_count, refuse_outside
from keras_drop.data.occlusions.scene.paste import cover, nothing_hidden
from keras_drop.data.occlusions.scene.scene import Scene
from keras_drop.data.occlusions.stages.grid_mask import MEAN_PIXEL


@dataclasses.dataclass(frozen=True)
class PartOcclusion:
    """Hides one or two of the body parts that the image shows.

    An image without a parsing label, or without a part, stays as it is; of an
    image with one part, that one is hidden.

    Args:
        probability: Of a hidden part.
        fill: Pixel value of the hidden parts, three numbers. A model should
            see 0 there: for one that normalises with other means than those of
            ImageNet, give 255 times its means. HPNet's are
            `(0.486, 0.459, 0.408)`.
        max_parts: The most parts that are hidden; their number is uniform.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: `Scene` with the `parts`.

    Returns:
        `(height, width)` bool pixels of the hidden parts.

    Raises:
        ValueError: A probability that is none, or no part.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import PartOcclusion
    >>> from keras_drop.data.occlusions import Scene
    >>> scene = Scene(parts=np.array([[0, 3], [3, 0]], "uint8"))
    >>> stage = PartOcclusion(probability=1.0, fill=(7, 7, 7))
    >>> image = np.zeros((2, 2, 3), "float32")
    >>> stage(image, np.random.default_rng(0), scene).tolist()
    [[False, True], [True, False]]
    >>> image[..., 0].tolist()
    [[0.0, 7.0], [7.0, 0.0]]

    Reference:
        Huang, Chen and Huang, "Human Parsing Based Alignment with Multi-task
        Learning for Occluded Person Re-identification", ICME 2020 (its code).
    """

    probability: float = 0.5
    fill: tuple = MEAN_PIXEL
    max_parts: int = 2

    needs_labels = True

    def __post_init__(self):
        refuse_outside(0, 1, probability=self.probability)
        refuse_no_count(max_parts=self.max_parts)

    def __call__(self, image, rng, scene=None):
        parts = (scene or Scene()).parts
        if parts is None or rng.random() >= self.probability:
            return nothing_hidden(image)
        counts = cv2.calcHist([parts], [0], None, [256], [0, 256])
        present = np.flatnonzero(counts[1:]) + 1
        count = int(rng.integers(0, self.max_parts)) + 1
        gone = np.zeros(256, "uint8")
        gone[rng.permutation(present)[:count]] = 1
        hidden = cv2.LUT(parts, gone).view(bool)
        cover(image, hidden, self.fill)
        return hidden

    def at(self, severity):
        """The same, with `severity`, 0 to 1, of the parts at the most."""
        count = round(severity * self.max_parts)
        if count == 0:
            return dataclasses.replace(self, probability=0.0)
        return dataclasses.replace(self, max_parts=count)
