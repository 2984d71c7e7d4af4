import dataclasses
import math

from keras_drop.checks import refuse_less_than_1, refuse_negative


@dataclasses.dataclass(frozen=True)
class CropRule:
    """Which boxes become crops, and how much around them does.

    Args:
        padding: Added on each side, as a share of the box's width or height.
        min_width: Pixels of the box in the frame, at least.
        min_height: Pixels of the box in the frame, at least.
        max_covered: Largest share of a box that nearer boxes of its frame
            cover: those that end lower. 1 keeps all.
        min_visibility: Least visibility, where the boxes tell it. 0 keeps all.
        min_score: Least score of the detector, where the boxes tell it; of
            some detectors scores may be negative.

    Raises:
        ValueError: A number below 0, a size below 1, a share above 1.

    Example:
    >>> from keras_drop.data import CropRule
    >>> CropRule(padding=0.05).min_height
    32
    """

    padding: float = 0.0
    min_width: int = 16
    min_height: int = 32
    max_covered: float = 1.0
    min_visibility: float = 0.0
    min_score: float = -math.inf

    def __post_init__(self):
        refuse_negative(
            padding=self.padding,
            max_covered=self.max_covered,
            min_visibility=self.min_visibility,
        )
        refuse_less_than_1(min_width=self.min_width, min_height=self.min_height)
        for name in ("max_covered", "min_visibility"):
            if getattr(self, name) > 1:
                raise ValueError(
                    f"`{name}` is {getattr(self, name)}; it is a share, at "
                    "most 1."
                )
