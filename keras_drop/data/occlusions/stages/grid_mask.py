"""GridMask: squares in a regular grid are hidden."""

import dataclasses
import math

import numpy as np

from keras_drop.checks import refuse_no_range, refuse_outside
from keras_drop.data.occlusions.scene.paste import cover, nothing_hidden

MEAN_PIXEL = (0.485 * 255, 0.456 * 255, 0.406 * 255)


@dataclasses.dataclass(frozen=True)
class GridMask:
    """Hides squares that stand in a regular grid.

    The image is cut into units of the same size, anywhere, and a square is
    hidden in each: of its side a share `1 - ratio`, so that `1 - (1 - ratio)^2`
    of the image is kept.

    Args:
        probability: Of a grid. The paper lets it rise over the epochs, see
            `SeveritySchedule`.
        ratio: Share of a unit's side that is kept.
        unit: Smallest and largest side of a unit, as shares of the image's
            shorter side; drawn uniformly in pixels.
        fill: Pixel value of the squares, three numbers; by default the one
            that the models normalise to 0.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: Not used.

    Returns:
        `(height, width)` bool pixels of the squares.

    Raises:
        ValueError: A share that is none, a range that does not rise.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import GridMask
    >>> grid_mask = GridMask(probability=1.0, ratio=0.5, unit=(0.5, 0.5))
    >>> image = np.zeros((8, 8, 3), "float32")
    >>> int(grid_mask(image, np.random.default_rng(0)).sum())
    16

    Reference:
        [Chen et al., 2020](https://arxiv.org/abs/2001.04086)
    """

    probability: float = 0.5
    ratio: float = 0.6
    unit: tuple = (96 / 224, 1.0)
    fill: tuple = MEAN_PIXEL

    def __post_init__(self):
        refuse_outside(0, 1, probability=self.probability, ratio=self.ratio)
        refuse_no_range(0, math.inf, unit=self.unit)

    def __call__(self, image, rng, scene=None):
        if rng.random() >= self.probability:
            return nothing_hidden(image)
        height, width = image.shape[:2]
        shortest = min(height, width)
        bounds = [max(round(share * shortest), 2) for share in self.unit]
        unit = int(rng.integers(*bounds, endpoint=True))
        square = unit - round(self.ratio * unit)
        rows, columns = (
            (np.arange(length) + rng.integers(unit)) % unit < square
            for length in (height, width)
        )
        hidden = rows[:, None] & columns
        cover(image, hidden, self.fill)
        return hidden

    def at(self, severity):
        """The same, with a hidden share multiplied by `severity`, 0 to 1."""
        side = (1 - self.ratio) * severity**0.5
        return dataclasses.replace(self, ratio=1 - side)
