import dataclasses

from keras_drop.checks import refuse_less_than_1, refuse_negative
from keras_drop.flags import flag


@dataclasses.dataclass(frozen=True)
class CheckpointSettings:
    """Checkpoints: how often, how many, and what may differ on going on.

    Args:
        checkpoint_minutes: From one to the next within an epoch; 0 for none
            but those at the end of every epoch.
        keep_checkpoints: How many of the last ones are kept; besides the one
            that found validation people best.
        override: Names of flags that may be another than in the run that is
            resumed; otherwise such a flag is refused.

    Raises:
        ValueError: A negative time, or no checkpoint at all.

    Example:
    >>> from keras_drop.training import CheckpointSettings
    >>> CheckpointSettings(override=("learning_rate",)).keep_checkpoints
    2
    """

    checkpoint_minutes: float = flag(
        15.0, "from one checkpoint to the next in an epoch; 0: at its end only"
    )
    keep_checkpoints: int = flag(2, "of the last ones, besides the best")
    override: tuple[str, ...] = flag(
        (), "flags that may differ from those of the run that goes on"
    )

    def __post_init__(self):
        refuse_negative(checkpoint_minutes=self.checkpoint_minutes)
        refuse_less_than_1(keep_checkpoints=self.keep_checkpoints)

    @property
    def minutes(self):
        """As of `RunCheckpoint`."""
        return self.checkpoint_minutes or None
