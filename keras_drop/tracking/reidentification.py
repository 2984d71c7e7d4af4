import dataclasses
from collections.abc import Hashable


@dataclasses.dataclass(frozen=True)
class Reidentification:
    """What was said of one new track: who it is, or nobody who is known.

    Args:
        new: The new track; of `Descriptors` the number of the row.
        known: The track that it goes on with, `None` for nobody known.
        nearest: The nearest of those that it was compared with and could be,
            `None` if there is none.
        distance: From the nearest, NaN without one.
        probability: That they are the same person, by a `PairVerdict`; NaN
            without one.
        parts: Names of the parts that were compared with the nearest.
        reason: `"same"`; or why nobody: `"nobody I know"`, the nearest is too
            far away; `"another fits better"`, the nearest is somebody else's;
            `"not comparable"`, no part in common with anybody; `"nobody
            there"`, there was nobody to compare with.

    Example:
    >>> from keras_drop.tracking import Reidentification
    >>> print(Reidentification(7, 3, 3, 0.41, 0.9, ("head", "legs"), "same"))
    7 is 3: distance 0.410 over head, legs, probability 0.90
    """

    new: Hashable
    known: Hashable | None
    nearest: Hashable | None
    distance: float
    probability: float
    parts: tuple
    reason: str

    def __str__(self):
        if self.nearest is None:
            return f"{self.new} is new: {self.reason}"
        text = f"distance {self.distance:.3f} over {', '.join(self.parts)}"
        if self.probability == self.probability:
            text += f", probability {self.probability:.2f}"
        if self.known is None:
            return f"{self.new} is new: {self.reason}; to {self.nearest} {text}"
        return f"{self.new} is {self.known}: {text}"
