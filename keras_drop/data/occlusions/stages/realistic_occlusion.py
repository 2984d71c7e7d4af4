"""ROA: an occluder over half to three quarters of the image."""

import dataclasses

import cv2

from keras_drop.checks import refuse_no_range, refuse_outside
from keras_drop.data.occlusions.occluders.procedural_occluders import (
    procedural_occluders,
)
from keras_drop.data.occlusions.scene.paste import nothing_hidden, paste
from keras_drop.data.reading.scratch import scratch


@dataclasses.dataclass(frozen=True)
class RealisticOcclusion:
    """Realistic occlusion augmentation (ROA): an occluder at an edge.

    An occluder more than twice as high as wide is stretched to the height of
    the image and pasted at its left or right edge, any other is stretched to
    the width and pasted at the top or bottom. How far it reaches into the
    image is a whole number of pixels, uniform between the shares of `reach`.

    Args:
        bank: Where the occluders come from: anything with `draw(rng)`, such as
            an `OccluderBank`; 256 procedural ones if left out.
        probability: Of an occluder.
        reach: Smallest and largest share of the image that its box takes.
        flip: Probability that the occluder is mirrored.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: Not used.

    Returns:
        `(height, width)` bool pixels where the alpha of the occluder is above
        one half.

    Raises:
        ValueError: A share that is none, a range that does not rise.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import RealisticOcclusion
    >>> from keras_drop.data.occlusions import OccluderBank
    >>> crate = np.full((8, 8, 3), 90, "uint8"), np.ones((8, 8))
    >>> roa = RealisticOcclusion(OccluderBank([crate]))
    >>> image = np.zeros((40, 20, 3), "float32")
    >>> hidden = roa(image, np.random.default_rng(0))
    >>> float(image.max()), bool(hidden.any(axis=0).all())
    (90.0, True)

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    bank: object = dataclasses.field(default_factory=procedural_occluders)
    probability: float = 1.0
    reach: tuple = (0.5, 0.75)
    flip: float = 0.5

    def __post_init__(self):
        refuse_outside(0, 1, probability=self.probability, flip=self.flip)
        refuse_no_range(0, 1, reach=self.reach)

    def __call__(self, image, rng, scene=None):
        if rng.random() >= self.probability:
            return nothing_hidden(image)
        occluder = self.bank.draw(rng)
        if rng.random() < self.flip:
            mirrored = scratch("mirrored", occluder.shape, "uint8")
            occluder = cv2.flip(occluder, 1, mirrored)
        beside = occluder.shape[0] > 2 * occluder.shape[1]
        size, corner = list(image.shape[:2]), [0, 0]
        length = size[beside]
        bounds = [int(length * share) for share in self.reach]
        size[beside] = int(rng.integers(*bounds, endpoint=True))
        if rng.random() < 0.5:
            corner[beside] = length - size[beside]
        if size[beside] == 0:
            return nothing_hidden(image)
        resized = cv2.resize(
            occluder,
            size[::-1],
            scratch("resized", (*size, 4), "uint8"),
            interpolation=cv2.INTER_LINEAR,
        )
        return paste(image, resized, *corner)

    def at(self, severity):
        """The same, with `reach` multiplied by `severity`, 0 to 1."""
        reach = tuple(severity * share for share in self.reach)
        return dataclasses.replace(self, reach=reach)
