"""Person over person: somebody else walks in front."""

import dataclasses
import math

import cv2

from keras_drop.checks import refuse_no_range, refuse_outside
from keras_drop.data.occlusions.scene.paste import (
    nothing_hidden,
    paste,
    premultiplied,
)
from keras_drop.data.occlusions.scene.scene import Scene

_TRIES = 3
_MIN_AREA = 0.05


@dataclasses.dataclass(frozen=True)
class PersonOverPerson:
    """Pastes another person of the records, cut out by the parsing label.

    The person stands on the lower edge of the image or below it, and comes in
    from the left or from the right. What is pasted is an occluder like any
    other: the label has no parts there. Somebody who takes less than 5 % of
    the own image is not pasted; after three of these nothing happens.

    Args:
        probability: Of a person in front.
        scale: Smallest and largest height, as shares of the image's height;
            uniform. Above 1 the person is nearer to the camera.
        sinking: Largest share of the person's height that is below the image;
            uniform from 0.
        reach: Smallest and largest share of the image's width up to which the
            person comes in; uniform.
        flip: Probability that the person is mirrored.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: `Scene` with `person`.

    Returns:
        `(height, width)` bool pixels where the mask of the person is above one
        half.

    Raises:
        ValueError: A share that is none, a range that does not rise.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import PersonOverPerson
    >>> from keras_drop.data.occlusions import Scene
    >>> def person(rng):
    ...     return np.full((8, 4, 3), 90, "uint8"), np.full((8, 4), 255, "u1")
    >>> stage = PersonOverPerson(1.0, scale=(1.0, 1.0), sinking=0.0)
    >>> image = np.zeros((64, 32, 3), "float32")
    >>> hidden = stage(image, np.random.default_rng(0), Scene(person=person))
    >>> bool(hidden[:, 0].all() or hidden[:, -1].all())
    True
    """

    probability: float = 0.5
    scale: tuple = (0.8, 1.2)
    sinking: float = 0.2
    reach: tuple = (0.3, 0.7)
    flip: float = 0.5

    needs_labels = True

    def __post_init__(self):
        shares = (
            (name, getattr(self, name))
            for name in ("probability", "sinking", "flip")
        )
        refuse_outside(0, 1, **dict(shares))
        refuse_no_range(0, 1, reach=self.reach)
        refuse_no_range(0, math.inf, scale=self.scale)

    def __call__(self, image, rng, scene=None):
        draw = (scene or Scene()).person
        if draw is None or rng.random() >= self.probability:
            return nothing_hidden(image)
        person = _cut_out(draw, rng)
        if person is None:
            return nothing_hidden(image)
        height, width = image.shape[:2]
        if rng.random() < self.flip:
            person = cv2.flip(person, 1)
        rows = max(round(rng.uniform(*self.scale) * height), 1)
        columns = max(round(rows * person.shape[1] / person.shape[0]), 1)
        top = height - rows + round(rng.uniform(0, self.sinking) * rows)
        reach = round(rng.uniform(*self.reach) * width)
        left = reach - columns if rng.random() < 0.5 else width - reach
        person = cv2.resize(
            person, (columns, rows), interpolation=cv2.INTER_LINEAR
        )
        return paste(image, person, top, left)

    def at(self, severity):
        """The same, with `reach` multiplied by `severity`, 0 to 1."""
        reach = tuple(severity * share for share in self.reach)
        return dataclasses.replace(self, reach=reach)


def _cut_out(draw, rng):
    """`(h, w, 4)` uint8 of the person alone, or `None`."""
    for _ in range(_TRIES):
        drawn = draw(rng)
        if drawn is None:
            return None
        image, mask = drawn
        solid = cv2.compare(mask, 127, cv2.CMP_GT)
        if cv2.countNonZero(solid) >= _MIN_AREA * solid.size:
            left, top, width, height = cv2.boundingRect(solid)
            box = slice(top, top + height), slice(left, left + width)
            return premultiplied(image[box], mask[box])
    return None
