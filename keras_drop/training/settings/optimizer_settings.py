import dataclasses
import math
import re

from keras_drop.checks import (
    checked_share,
    refuse_negative,
    refuse_outside,
    refuse_unknown,
)
from keras_drop.flags import flag
from keras_drop.training.optimizers.coupled_adam import (
    ADAM_EPSILONS,
    CoupledAdam,
)
from keras_drop.training.optimizers.coupled_sgd import CoupledSGD
from keras_drop.training.optimizers.learning_rate import (
    warmup_cosine,
    warmup_multistep,
)
from keras_drop.training.optimizers.rate_factors import layer_factors
from keras_drop.training.settings.step_settings import StepSettings

OPTIMIZERS = ("adam", "sgd")
SCHEDULES = ("steps", "cosine")


@dataclasses.dataclass(frozen=True)
class OptimizerSettings:
    """Optimizer: what moves the weights, and how fast in which epoch.

    Args:
        optimizer: `"adam"`, `CoupledAdam`; or `"sgd"`, `CoupledSGD`.
        learning_rate: After the warm-up; with `"cosine"` where it starts.
        schedule: `"steps"`, see `warmup_multistep`; or `"cosine"`, see
            `warmup_cosine`.
        warmup_epochs: Epochs in which the learning rate rises.
        milestones: Epochs in which it falls to a tenth; of `"steps"`.
        l2: Decay, added to the gradients.
        momentum: Of `"sgd"`.
        adam_epsilon: Of `"adam"`, see `CoupledAdam`.
        multipliers: What else than 1 the learning rate of a weight is
            multiplied by, as `"(bias|beta)$:2"`: an expression that is found
            in its path, and a factor; of `"sgd"`.
        steps: `StepSettings`.

    Raises:
        ValueError: An unknown choice, a number below 0, a `momentum` of 1 or
            more, or a multiplier that is no expression and factor.

    Example:
    >>> from keras_drop.training import OptimizerSettings
    >>> settings = OptimizerSettings(warmup_epochs=0, milestones=(3,))
    >>> [round(settings.rate(epoch, 4), 6) for epoch in (0, 3)]
    [0.00035, 3.5e-05]
    """

    optimizer: str = flag("adam", "adam, or sgd")
    learning_rate: float = flag(3.5e-4, "after the warm-up")
    schedule: str = flag("steps", "steps, or cosine")
    warmup_epochs: int = flag(10, "epochs in which the learning rate rises")
    milestones: tuple[int, ...] = flag((40, 70), "steps: falls to a tenth")
    l2: float = flag(5e-4, "decay, added to the gradients")
    momentum: float = flag(0.9, "of sgd")
    adam_epsilon: str = flag(
        "keras", "of adam: keras, or torch as published code"
    )
    multipliers: tuple[str, ...] = flag(
        (), "of sgd: learning rates of their own, as (bias|beta)$:2"
    )
    steps: StepSettings = StepSettings()

    def __post_init__(self):
        refuse_unknown(
            optimizer=(self.optimizer, OPTIMIZERS),
            schedule=(self.schedule, SCHEDULES),
            adam_epsilon=(self.adam_epsilon, ADAM_EPSILONS),
        )
        refuse_negative(
            learning_rate=self.learning_rate,
            warmup_epochs=self.warmup_epochs,
            l2=self.l2,
        )
        checked_share("momentum", self.momentum)
        self.factors()

    def factors(self):
        """Dictionary of `multipliers`, as `CoupledSGD` has it."""
        factors = {}
        for text in self.multipliers:
            expression, _, factor = text.rpartition(":")
            try:
                re.compile(expression)
                factors[expression] = float(factor)
                refuse_outside(0, math.inf, factor=factors[expression])
            except (ValueError, re.error):
                raise ValueError(
                    f"`multipliers`: {text!r} is no expression and factor of 0 "
                    "or more, as '(bias|beta)$:2'."
                ) from None
        return factors

    def build(self, backbone=None):
        """The optimizer.

        Args:
            backbone: Whose stages have learning rates of their own, if
                `layer_decay` says so.
        """
        keywords = {"l2": self.l2, **self.steps.keywords()}
        if backbone is not None and self.steps.layer_decay != 1:
            keywords["layer_factors"] = layer_factors(
                backbone, self.steps.layer_decay
            )
        if self.optimizer == "adam":
            return CoupledAdam(
                self.learning_rate, adam_epsilon=self.adam_epsilon, **keywords
            )
        return CoupledSGD(
            self.learning_rate,
            momentum=self.momentum,
            multipliers=self.factors(),
            **keywords,
        )

    def rate(self, epoch, epochs):
        """Learning rate of an epoch, counted from 0, of so many."""
        if self.schedule == "cosine":
            return warmup_cosine(
                epoch, self.learning_rate, epochs, self.warmup_epochs
            )
        return warmup_multistep(
            epoch,
            self.learning_rate,
            warmup_epochs=self.warmup_epochs,
            milestones=self.milestones,
        )
