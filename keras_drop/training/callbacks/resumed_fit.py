"""`fit` from the last checkpoint on, also from the middle of an epoch."""

import keras

from keras_drop.data import RemainingBatches


def resumed_fit(
    model, checkpoint, epochs, callbacks=(), verbose="auto", prepare=None
):
    """Trains to the last epoch, from the last checkpoint if there is one.

    Keras begins every epoch with its first batch. So what is left of an epoch
    that was interrupted is a `fit` of its own, before that of the others.

    Args:
        model: Compiled model.
        checkpoint: `RunCheckpoint` that knows the batches.
        epochs: Of the whole run.
        callbacks: Of `fit`; that of the checkpoint is added as the last.
        verbose: As of `keras.Model.fit`.
        prepare: Function that is called if there is no checkpoint.

    Returns:
        `keras.callbacks.History` of the last `fit`.

    Raises:
        ValueError: `checkpoint` knows no batches.

    Example:
    >>> import numpy as np, keras, tempfile
    >>> from keras_drop.training import RunCheckpoint, resumed_fit
    >>> class Batches(keras.utils.PyDataset):
    ...     epoch = 0
    ...     def __len__(self):
    ...         return 2
    ...     def __getitem__(self, index):
    ...         return np.ones((4, 3)), np.full((4, 1), index + self.epoch)
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    >>> model.compile("adam", "mse")
    >>> checkpoint = RunCheckpoint(tempfile.mkdtemp(), Batches())
    >>> resumed_fit(model, checkpoint, epochs=2, verbose=0).epoch
    [0, 1]
    >>> resumed_fit(model, checkpoint, epochs=3, verbose=0).epoch
    Going on after epoch 2.
    [2]
    """
    batches = checkpoint.batches
    if batches is None:
        raise ValueError(
            "Give `RunCheckpoint` the `batches`: from their epoch and step "
            "follows what is left to learn from."
        )
    first = checkpoint.restore(model)
    step = checkpoint.step
    if first or step:
        where = f" and {step} steps of the next" if step else ""
        print(f"Going on after epoch {first}{where}.")
    elif prepare is not None:
        prepare()
    given = {"verbose": verbose, "shuffle": False}
    if step:
        model.fit(
            RemainingBatches(batches, step),
            initial_epoch=first,
            epochs=first + 1,
            callbacks=[_WholeRun(epochs, step), *callbacks, checkpoint],
            **given,
        )
        first += 1
        batches.epoch = first
    return model.fit(
        batches,
        initial_epoch=first,
        epochs=epochs,
        callbacks=[*callbacks, checkpoint],
        **given,
    )


class _WholeRun(keras.callbacks.Callback):
    """Tells the other callbacks of the run that this epoch is of."""

    def __init__(self, epochs, first_step):
        super().__init__()
        self.told = {"epochs": epochs, "first_step": first_step}

    def set_params(self, params):
        # One dictionary, which all callbacks share.
        params.update(self.told)
        super().set_params(params)
