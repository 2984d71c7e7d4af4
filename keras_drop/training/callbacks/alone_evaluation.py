"""What a process of several computes for itself."""

import keras

from keras_drop import backend
from keras_drop.training.optimizers.averaged_weights import averaged_weights


class AloneEvaluation(keras.callbacks.Callback):
    """Lets other callbacks see a copy of the model that no process shares.

    Where several processes learn together, `predict` of their model is a
    matter of all of them, and its rows are spread over them. The copy is of
    each process alone: all evaluate the same images and log the same.

    Args:
        callbacks: Callbacks that read the model at the end of an epoch, such
            as `RetrievalEvaluation`.

    Example:
    >>> from keras_drop.training.callbacks.alone_evaluation import (
    ...     AloneEvaluation)
    >>> from keras_drop.training import RetrievalEvaluation
    >>> evaluation = RetrievalEvaluation(lambda model: {"mAP": 0.5}, 1, ["mAP"])
    >>> alone = AloneEvaluation([evaluation])
    >>> alone.set_model(keras.Sequential([keras.Input((3,))]))
    >>> alone.set_params({"epochs": 1})
    >>> alone.on_train_begin()
    >>> logs = {}
    >>> alone.on_epoch_end(0, logs)
    >>> logs
    {'val_mAP': 0.5}
    """

    def __init__(self, callbacks):
        super().__init__()
        self.callbacks = list(callbacks)

    def set_params(self, params):
        super().set_params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def on_train_begin(self, logs=None):
        values = self.model.get_weights()
        backend.alone(lambda: self._begin(values, logs))

    def on_epoch_end(self, epoch, logs=None):
        values = self.model.get_weights()
        backend.alone(lambda: self._end(values, epoch, logs))

    def _begin(self, values, logs):
        self._copy = copy_of(self.model, values)
        for callback in self.callbacks:
            callback.set_model(self._copy)
            callback.on_train_begin(logs)

    def _end(self, values, epoch, logs):
        self._copy.set_weights(values)
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)


def prepare_alone(prepare, model):
    """Does something to the weights of a model, on a copy of it.

    Args:
        prepare: Function of a model.
        model: Model that processes share; it gets the weights.
    """
    values = model.get_weights()

    def prepared():
        copy = copy_of(model, values)
        prepare(copy)
        return copy.get_weights()

    model.set_weights(backend.alone(prepared))


def trained_copy(model):
    """What processes have trained together, for each of them alone.

    Args:
        model: Compiled model.

    Returns:
        The model, not compiled, with the averages of the weights if its
        optimizer keeps some.
    """
    with averaged_weights(model):
        values = model.get_weights()
    return copy_of(model, values)


def copy_of(model, values):
    """A model of the same switches, with other weights.

    Args:
        model: `keras.Model` that can be made from its config.
        values: As of `get_weights`.

    Returns:
        The model, not compiled.
    """
    config = keras.saving.serialize_keras_object(model)
    config.pop("compile_config", None)
    copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(values)
    return copy
