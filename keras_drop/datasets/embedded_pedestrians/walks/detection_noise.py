import dataclasses

import numpy as np

from keras_drop.checks import refuse_outside


@dataclasses.dataclass(frozen=True)
class DetectionNoise:
    """What a detector does wrong.

    Args:
        jitter: Standard deviation of each edge of a box, as a share of its
            size.
        missed: Share of the boxes that are missed at random.
        least_visible: Of whom less is in sight, nobody sees.
        invented: Share of the frames with a box where nobody is.

    Raises:
        ValueError: A number outside of `[0, 1]`.

    Example:
    >>> from keras_drop.datasets.embedded_pedestrians import DetectionNoise
    >>> DetectionNoise(missed=0.2).jitter
    0.03
    """

    jitter: float = 0.03
    missed: float = 0.08
    least_visible: float = 0.2
    invented: float = 0.02

    def __post_init__(self):
        refuse_outside(0, 1, **dataclasses.asdict(self))


def detect(seen, size, noise, rng):
    """What a detector finds in a frame.

    Args:
        seen: List of `SeenPerson`.
        size: Height and width of the frame.
        noise: `DetectionNoise`.
        rng: Random generator.

    Returns:
        List of boxes (left, top, right, bottom) and list of their scores.
    """
    boxes, scores = [], []
    for one in seen:
        # Drawn for everybody, so that one switch does not change the others.
        luck, doubt, *shake = rng.random(), *rng.normal(size=5)
        if one.visibility < noise.least_visible or luck < noise.missed:
            continue
        left, top, right, bottom = one.box
        extent = np.array([right - left, bottom - top] * 2)
        boxes.append(np.array(one.box) + noise.jitter * extent * shake)
        score = 0.5 + 0.35 * one.visibility + 0.1 * doubt
        scores.append(float(np.clip(score, 0.05, 0.99)))
    luck, place, tall = rng.random(), rng.random(2), rng.integers(90, 150)
    if luck < noise.invented:
        height, width = size
        left, top = place * (width - tall / 2, height - tall)
        boxes.append(np.array([left, top, left + tall / 2, top + tall]))
        scores.append(0.45)
    return boxes, scores
