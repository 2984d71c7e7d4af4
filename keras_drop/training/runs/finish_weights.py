"""The weights that a run evaluates, saves and exports."""

import numpy as np

from keras_drop.data import ImageBatches
from keras_drop.training.adapt_batch_normalization import (
    adapt_batch_normalization,
)
from keras_drop.training.optimizers.averaged_weights import take_averages


def finish_weights(run, model, records):
    """Takes the averages, and calibrates batch normalisations, if asked to.

    Those of stages that are frozen to the end keep theirs.

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
    adapt_batch_normalization(
        model,
        ImageBatches(records.paths[rows[:count]], run.batches.image_size),
        keep_frozen=True,
    )
