"""For `orbit.Controller`, instead of `fit`."""

from keras_drop import backend


def orbit_trainer(model, batches, epoch=0):
    """A trainer for `orbit.Controller`, which then takes the place of `fit`.

    Orbit is the trainer of TensorFlow's model garden: it writes its own
    checkpoints and summaries, on one machine or several. Call it within
    `replicas`, with a compiled model. The extra `orbit` brings it.

    Args:
        model: Compiled `ReIDTask`, built within `replicas`.
        batches: `TrainingBatches`, or what wraps some; of several processes
            each has its `share`.
        epoch: That of the first batch.

    Returns:
        `orbit.AbstractTrainer`, whose `train(num_steps)` gives the means of
        the losses by name.

    Raises:
        ValueError: Another backend than TensorFlow.
        ImportError: Orbit is not installed.

    Example: see the guide *Several devices*.

    Reference:
        [Orbit](https://github.com/tensorflow/models/tree/master/orbit)
    """
    return backend.orbit_trainer(model, batches, epoch)
