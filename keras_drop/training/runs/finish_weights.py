"""The weights that a run evaluates, saves and exports."""

import numpy as np

from keras_drop.data import ImageBatches
from keras_drop.training.adapt_batch_normalization import (
    adapt_batch_normalization,
)
from keras_drop.training.optimizers.averaged_weights import take_averages
from keras_drop.training.settings.data_reading import readable_rows


def finish_weights(run, model, records):
    """Takes the averages, and calibrates batch normalisations, if asked to.

    Those of stages that are frozen to the end keep theirs. Files that the run
    goes on without are not among the images.

    Args:
        run: `Run`.
        model: Its trained model; it is changed.
        records: `Records` of the training images.
    """
    take_averages(model)
    count = min(run.fit.calibrate_images, len(records))
    if not count:
        return
    rows = np.random.default_rng(run.fit.seed).permutation(len(records))
    chosen = records[rows[:count]]
    readable = readable_rows(chosen, run.batches.max_unreadable)
    adapt_batch_normalization(
        model,
        ImageBatches(chosen.paths[readable], run.batches.image_size),
        keep_frozen=True,
    )
