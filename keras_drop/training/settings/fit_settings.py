import dataclasses

from keras_drop.checks import (
    checked_choice,
    refuse_negative,
    refuse_no_count,
)
from keras_drop.flags import flag
from keras_drop.training.callbacks.experiment_tracker import TRACKERS
from keras_drop.training.settings.checkpoint_settings import CheckpointSettings
from keras_drop.training.settings.distillation_settings import (
    DistillationSettings,
)

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@dataclasses.dataclass(frozen=True)
class FitSettings:
    """Training: how long, on what, and how often it is looked at.

    Args:
        epochs: Passes over the training images.
        evaluate_every: Epochs from one evaluation to the next.
        num_devices: Devices that share each batch.
        synchronize: Whether batch normalisations see all devices.
        unbiased_variance: Whether moving variances are as in published
            code, see `unbiased_moving_variance`.
        precision: `"float32"`, `"mixed_bfloat16"` or `"mixed_float16"`.
        seed: Of weights and batches.
        fit_visibility: Whether the thresholds from which on parts are visible
            are fitted at the end, on `validation_people`.
        calibrate_images: Training images, as they are, of which batch
            normalisations get their statistics at the end, as of
            `adapt_batch_normalization`; 0 for those of training.
        tracker: `"mlflow"` or `"wandb"`, which `ExperimentTracker` tells of
            the run; `None` for none.
        distillation: `DistillationSettings`.
        checkpoints: `CheckpointSettings`.

    Raises:
        ValueError: An unknown precision or tracker, a number of epochs or
            devices that is none, or one image to calibrate by.

    Example:
    >>> from keras_drop.training import FitSettings
    >>> FitSettings(epochs=20).evaluate_every
    10
    """

    epochs: int = flag(120, "passes over the training images")
    evaluate_every: int = flag(10, "epochs from one evaluation to the next")
    num_devices: int = flag(1, "devices that share each batch")
    synchronize: bool = flag(False, "batch normalisation over all devices")
    unbiased_variance: bool = flag(
        False, "moving variances n/(n - 1) as large, as published code"
    )
    precision: str = flag("float32", ", ".join(PRECISIONS))
    seed: int = flag(1, "of weights and batches")
    fit_visibility: bool = flag(
        False, "fit thresholds of visible parts on the validation_people"
    )
    calibrate_images: int = flag(
        0, "of which batch normalisations get their statistics at the end"
    )
    tracker: str | None = flag(None, "tell mlflow, or wandb, of the run")
    distillation: DistillationSettings = DistillationSettings()
    checkpoints: CheckpointSettings = CheckpointSettings()

    def __post_init__(self):
        checked_choice("precision", self.precision, PRECISIONS)
        if self.tracker:
            checked_choice("tracker", self.tracker, TRACKERS)
        refuse_negative(
            epochs=self.epochs, calibrate_images=self.calibrate_images
        )
        refuse_no_count(
            evaluate_every=self.evaluate_every, num_devices=self.num_devices
        )
        if self.calibrate_images == 1:
            raise ValueError(
                "`calibrate_images` is 1, and the variance of one image is 0. "
                "Give some hundred, or 0 for the statistics of training."
            )
