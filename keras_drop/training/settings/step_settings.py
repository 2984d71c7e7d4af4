import dataclasses

from keras_drop.checks import (
    checked_share,
    refuse_less_than_1,
    refuse_negative,
    refuse_outside,
)
from keras_drop.flags import flag


@dataclasses.dataclass(frozen=True)
class StepSettings:
    """Steps: what becomes of gradients, and averages of the weights.

    Args:
        accumulate: Batches whose gradients make one step, their mean. Losses
            still compare the images of one batch only: a larger
            `identities_per_batch` finds harder negatives, this does not.
        clip_norm: Length that all gradients together may have; 0 for any.
        average: Momentum of the moving average of the weights that is
            evaluated, saved and exported, as `averaged_weights`; 0 for none.
        layer_decay: Factor of the learning rate from one stage of the
            backbone to the one before, as `layer_factors`; 1 for none.

    Raises:
        ValueError: A number outside its range.

    Example:
    >>> from keras_drop.training import StepSettings
    >>> StepSettings(accumulate=4, average=0.999).keywords()
    {'gradient_accumulation_steps': 4, 'use_ema': True, 'ema_momentum': 0.999}
    """

    accumulate: int = flag(1, "batches whose gradients make one step")
    clip_norm: float = flag(0.0, "longest gradient of all weights; 0: any")
    average: float = flag(0.0, "momentum of averaged weights; 0: none")
    layer_decay: float = flag(1.0, "of the rate, from a stage to that before")

    def __post_init__(self):
        refuse_less_than_1(accumulate=self.accumulate)
        refuse_negative(clip_norm=self.clip_norm)
        checked_share("average", self.average)
        refuse_outside(0, 1, layer_decay=self.layer_decay)

    def keywords(self):
        """Arguments of a Keras optimizer; none for what is off."""
        keywords = {}
        if self.accumulate > 1:
            keywords["gradient_accumulation_steps"] = self.accumulate
        if self.clip_norm:
            keywords["global_clipnorm"] = self.clip_norm
        if self.average:
            keywords |= {"use_ema": True, "ema_momentum": self.average}
        return keywords
