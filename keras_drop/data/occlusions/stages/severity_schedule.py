"""Occlusion that changes over the epochs."""

import dataclasses
import math

import numpy as np

from keras_drop.checks import refuse_outside
from keras_drop.data.occlusions.scene.paste import nothing_hidden
from keras_drop.data.occlusions.scene.scene import Scene


@dataclasses.dataclass(frozen=True)
class SeveritySchedule:
    """A stage whose severity and probability change over the epochs.

    Between the epochs that are named both change linearly, before and after
    them they stay. It follows from the epoch alone, so a run that goes on
    after a stop hides what it would have hidden.

    Args:
        stage: Any stage of this package: it has a `probability` and a method
            `at(severity)`.
        epochs: Numbers of epochs, rising, counted from 0.
        severity: At each of them what the hidden share is multiplied by, 0 to
            1.
        probability: At each of them what the stage's probability is multiplied
            by.

    Call arguments:
        image: `(height, width, 3)` float32 pixel values from 0 to 255; changed
            in place.
        rng: `numpy.random.Generator`.
        scene: `Scene` with the `epoch`.

    Returns:
        What the stage returns.

    Raises:
        ValueError: Values that are not one per epoch, epochs that do not
            rise, a severity that is no share, a probability above 1.

    Example:
    >>> from keras_drop.data.occlusions import SeveritySchedule
    >>> from keras_drop.data.occlusions import GridMask
    >>> schedule = SeveritySchedule(
    ...     GridMask(probability=0.8), epochs=(0, 60), probability=(0.0, 1.0))
    >>> schedule.stage_at(15).probability
    0.2
    """

    stage: object
    epochs: tuple = (0, 60)
    severity: tuple = (1.0, 1.0)
    probability: tuple = (1.0, 1.0)

    def __post_init__(self):
        lengths = {len(self.severity), len(self.probability)}
        if lengths != {len(self.epochs)}:
            raise ValueError(
                f"{len(self.epochs)} epochs have {len(self.severity)} "
                f"severities and {len(self.probability)} probabilities; give "
                "one of each per epoch."
            )
        if not self.epochs or (np.diff(self.epochs) <= 0).any():
            raise ValueError(f"The epochs {self.epochs} do not rise.")
        for severity in self.severity:
            refuse_outside(0, 1, severity=severity)
        for factor in self.probability:
            refuse_outside(0, math.inf, probability=factor)
        highest = max(self.probability) * self.stage.probability
        if highest > 1:
            raise ValueError(
                f"A probability of {self.stage.probability} is multiplied by "
                f"{max(self.probability)}, which is more than 1. Give factors "
                f"of {1 / self.stage.probability:.3g} at most."
            )

    @property
    def needs_labels(self):
        """Whether the stage works on parsing labels alone."""
        return getattr(self.stage, "needs_labels", False)

    def __call__(self, image, rng, scene=None):
        scene = scene or Scene()
        stage = self.stage_at(scene.epoch)
        if stage is None:
            return nothing_hidden(image)
        return stage(image, rng, scene)

    def stage_at(self, epoch):
        """The stage as it is in an epoch; `None` while its severity is 0."""
        severity, factor = (
            float(np.interp(epoch, self.epochs, values))
            for values in (self.severity, self.probability)
        )
        if severity <= 0:
            return None
        stage = self.stage if severity == 1 else self.stage.at(severity)
        return dataclasses.replace(
            stage, probability=min(factor * stage.probability, 1.0)
        )

    def at(self, severity):
        """The same schedule of a stage at `severity`, 0 to 1."""
        return dataclasses.replace(self, stage=self.stage.at(severity))
