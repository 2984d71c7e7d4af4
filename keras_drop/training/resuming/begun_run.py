"""The checkpoint of a run that may have begun before."""

from keras_drop.training.callbacks.run_checkpoint import RunCheckpoint
from keras_drop.training.resuming.data_checksum import data_checksum
from keras_drop.training.resuming.resumed_settings import (
    refuse_other_settings,
    training_settings,
)


def run_checkpoint(run, batches, records):
    """The run's `RunCheckpoint`, and what it says of the run so far.

    Args:
        run: `Run` or `SegmentationRun`.
        batches: What `fit` gets.
        records: `Records` of the training images.

    Returns:
        `RunCheckpoint`, and a dictionary of `epoch`, the epochs that are
        done, `step`, the steps of the next one that are, and `seconds`, how
        long it took so far.

    Raises:
        ValueError: Other settings, or other images, than those that the run
            began with.
    """
    settings = training_settings(run, data_checksum(records))
    keeping = run.fit.checkpoints
    checkpoint = RunCheckpoint(
        run.run_dir / "checkpoints",
        batches,
        minutes=keeping.minutes,
        num_kept=keeping.keep_checkpoints,
        settings=settings,
    )
    state = checkpoint.state()
    if state is None:
        return checkpoint, {"epoch": 0, "step": 0, "seconds": 0.0}
    refuse_other_settings(settings, state["settings"], keeping.override)
    return checkpoint, state
