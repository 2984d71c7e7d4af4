"""Random erasing: a rectangle of noise."""

import dataclasses

import numpy as np

from keras_drop.checks import (
    checked_choice,
    refuse_no_range,
    refuse_outside,
)
from keras_drop.data.occlusions.scene.paste import nothing_hidden
from keras_drop.data.occlusions.stages.grid_mask import MEAN_PIXEL

FILLS = ("uniform", "normal", "mean")
_TRIES = 100


@dataclasses.dataclass(frozen=True)
class RandomErasing:
    """Hides a rectangle, and tells what it hid.

    Area and aspect are drawn until the rectangle fits into the image; its
    place is uniform. What the release of DPEFormer trains with is
    `RandomErasing(1.0, (0.05, 0.4), (0.3, 3.3), "normal", log_aspect=True)`.

    Args:
        probability: Of a rectangle.
        area: Smallest and largest share of the image; uniform.
        aspect: Smallest and largest height over width; uniform.
        fill: `"uniform"`, every value from 0 to 255; `"normal"`, N(0, 1) on
            the image from 0 to 1, so mostly out of its range; `"mean"`, the
            pixel that the models normalise to 0.
        log_aspect: Whether the logarithm of the aspect is uniform, so that
            flat rectangles are as frequent as tall ones.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: Not used.

    Returns:
        `(height, width)` bool pixels of the rectangle.

    Raises:
        ValueError: An unknown `fill`, a share that is none, a range that does
            not rise.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import RandomErasing
    >>> erasing = RandomErasing(1.0, area=(0.25, 0.25), aspect=(1.0, 1.0))
    >>> image = np.zeros((8, 8, 3), "float32")
    >>> int(erasing(image, np.random.default_rng(0)).sum())
    16

    Reference:
        [Zhong et al., 2017](https://arxiv.org/abs/1708.04896)
    """

    probability: float = 0.5
    area: tuple = (0.02, 0.4)
    aspect: tuple = (0.3, 1 / 0.3)
    fill: str = "uniform"
    log_aspect: bool = False

    def __post_init__(self):
        checked_choice("fill", self.fill, FILLS)
        refuse_outside(0, 1, probability=self.probability)
        refuse_no_range(0, 1, area=self.area)
        refuse_no_range(0.001, 1000, aspect=self.aspect)

    def __call__(self, image, rng, scene=None):
        if rng.random() >= self.probability:
            return nothing_hidden(image)
        rectangle = self._rectangle(*image.shape[:2], rng)
        hole = image[rectangle]
        if self.fill == "uniform":
            hole[:] = rng.integers(0, 256, hole.shape, "uint8")
        elif self.fill == "normal":
            hole[:] = 255 * rng.standard_normal(hole.shape, "float32")
        else:
            hole[:] = MEAN_PIXEL
        hidden = nothing_hidden(image)
        hidden[rectangle] = True
        return hidden

    def at(self, severity):
        """The same, with `area` multiplied by `severity`, 0 to 1."""
        area = tuple(severity * share for share in self.area)
        return dataclasses.replace(self, area=area)

    def _draw_aspect(self, rng):
        if self.log_aspect:
            return np.exp(rng.uniform(*np.log(self.aspect)))
        return rng.uniform(*self.aspect)

    def _rectangle(self, height, width, rng):
        for _ in range(_TRIES):
            area = rng.uniform(*self.area) * height * width
            aspect = self._draw_aspect(rng)
            rows = round((area * aspect) ** 0.5)
            columns = round((area / aspect) ** 0.5)
            if rows <= height and columns <= width:
                top = int(rng.integers(0, height - rows, endpoint=True))
                left = int(rng.integers(0, width - columns, endpoint=True))
                return slice(top, top + rows), slice(left, left + columns)
        return slice(0, 0), slice(0, 0)
