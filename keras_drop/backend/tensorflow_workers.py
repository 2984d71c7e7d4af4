"""Training on several machines, which `keras.Model.fit` cannot."""

import keras
import numpy as np
import tensorflow as tf

from keras_drop.backend.batch_normalizations import batch_normalizations


def fit_workers(
    strategy,
    gather,
    model,
    x=None,
    y=None,
    batch_size=None,
    epochs=1,
    verbose="auto",
    callbacks=None,
    initial_epoch=0,
    shuffle=False,
):
    """As `keras.Model.fit`, by a loop of `strategy.run`.

    Args:
        strategy: `tf.distribute.MultiWorkerMirroredStrategy`.
        gather: `gather_processes`.
        model: Compiled model that was built in its scope.
        x: `keras.utils.PyDataset` of this process' part of every batch.
        y: Nothing; `x` has it.
        batch_size: Nothing; `x` has it.
        epochs: As of `fit`.
        verbose: As of `fit`.
        callbacks: As of `fit`.
        initial_epoch: As of `fit`.
        shuffle: False: the processes have to agree on the order.

    Returns:
        `keras.callbacks.History`.

    Raises:
        ValueError: Data of another kind.
    """
    if not isinstance(x, keras.utils.PyDataset) or shuffle or y is not None:
        raise ValueError(
            "Several machines learn from a `keras.utils.PyDataset` such as "
            "`TrainingBatches`, in its own order (`shuffle=False`); got "
            f"{type(x).__name__} with `shuffle={shuffle}`."
        )
    callbacks = keras.callbacks.CallbackList(
        callbacks,
        add_history=True,
        add_progbar=verbose != 0,
        verbose=verbose,
        epochs=epochs,
        steps=len(x),
        model=model,
    )
    model.stop_training = False
    with strategy.scope():
        model.optimizer.build(model.trainable_variables)
    step = TrainingStep(strategy, model)
    callbacks.on_train_begin()
    x.on_epoch_end()  # As `fit` does.
    logs = {}
    for epoch in range(initial_epoch, epochs):
        model.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        x.on_epoch_begin()
        logs = {}
        for index in range(len(x)):
            callbacks.on_train_batch_begin(index)
            logs = step(x[index])
            # Each step, since a checkpoint may follow.
            _share_statistics(model, gather)
            callbacks.on_train_batch_end(index, logs)
            if model.stop_training:
                break
        x.on_epoch_end()
        logs = {name: float(value) for name, value in logs.items()}
        callbacks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    if epochs > 0:
        model.optimizer.finalize_variable_values(model.trainable_weights)
    callbacks.on_train_end(logs)
    return model.history


class TrainingStep:
    """One step of all replicas, from what this process has of a batch.

    Args:
        strategy: `tf.distribute.Strategy`.
        model: Compiled model that was built in its scope.
    """

    def __init__(self, strategy, model):
        self._strategy, self._model = strategy, model
        self._step = self._made_for = None

    def __call__(self, batch):
        """Takes a step; the means of the replicas' metrics, by name."""
        # A callback that changes what learns makes the model's own anew.
        self._model.make_train_function()
        if self._made_for is not self._model.train_function:
            self._made_for = self._model.train_function
            self._step = self._make()
        return self._step(self._shared_out(batch))

    def _make(self):
        strategy, model = self._strategy, self._model

        def step(batch):
            logs = strategy.run(model.train_step, args=(batch,))
            return {
                name: strategy.reduce("MEAN", value, axis=None)
                for name, value in logs.items()
            }

        if model.run_eagerly:
            return step
        return tf.function(step, jit_compile=bool(model.jit_compile))

    def _shared_out(self, batch):
        """The rows of every device of this process."""
        strategy = self._strategy
        if strategy.num_replicas_in_sync == 1:
            return keras.tree.map_structure(tf.convert_to_tensor, batch)
        devices = len(strategy.extended.worker_devices)

        def rows(context):
            number = context.replica_id_in_sync_group % devices
            return keras.tree.map_structure(
                lambda x: tf.convert_to_tensor(_part(x, number, devices)),
                batch,
            )

        return strategy.experimental_distribute_values_from_function(rows)


def _share_statistics(model, gather):
    """Moving statistics of what one worker sees become those of all."""
    variables = [
        variable
        for layer in batch_normalizations(model)
        if not layer.synchronized
        for variable in (layer.moving_mean, layer.moving_variance)
    ]
    if not variables:
        return
    values = [keras.ops.convert_to_numpy(v) for v in variables]
    means = gather(np.concatenate(values)).mean(axis=0)
    ends = np.cumsum([len(value) for value in values])[:-1]
    for variable, mean in zip(variables, np.split(means, ends)):
        variable.assign(mean)


def _part(x, number, count):
    if len(x) % count:
        raise ValueError(
            f"{len(x)} rows cannot be shared out equally among {count} "
            "devices. Choose a batch size that is a multiple."
        )
    size = len(x) // count
    return x[number * size : (number + 1) * size]
