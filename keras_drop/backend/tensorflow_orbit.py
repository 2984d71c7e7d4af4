"""Training that Orbit drives, of TensorFlow's model garden."""

import tensorflow as tf

from keras_drop.backend.tensorflow_workers import TrainingStep


def orbit_trainer(model, batches, epoch=0):
    """As `keras_drop.training.orbit_trainer`."""
    try:
        import orbit
    except ImportError as error:
        raise ImportError(
            "Orbit is not installed: pip install 'keras_drop[orbit]', in an "
            "environment of its own, for it needs TensorFlow 2.20."
        ) from error

    class Trainer(orbit.AbstractTrainer):
        """Steps over the batches, epoch after epoch."""

        def __init__(self):
            super().__init__(name="trainer")
            strategy = tf.distribute.get_strategy()
            model.optimizer.build(model.trainable_variables)
            self._step = TrainingStep(strategy, model)
            self._steps = _steps(model, batches, epoch)

        def train(self, num_steps):
            """Takes some steps.

            Args:
                num_steps: How many, a scalar tensor.

            Returns:
                Dictionary of the epoch's means so far, by name.
            """
            logs = {}
            for _ in range(int(num_steps)):
                logs = self._step(next(self._steps))
            return logs

    return Trainer()


def _steps(model, batches, epoch):
    """The batches of one epoch after the other, without an end."""
    while True:
        batches.epoch = epoch
        model.reset_metrics()
        model.epoch.assign(epoch)
        for index in range(len(batches)):
            yield batches[index]
        epoch += 1
