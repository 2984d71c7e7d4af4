import keras

from keras_drop.training.optimizers.averaged_weights import averaged_weights


class AveragedEvaluation(keras.callbacks.Callback):
    """Lets other callbacks see the moving averages of the weights.

    What they do at the end of an epoch, they do within `averaged_weights`.
    Training and checkpoints stay with the weights themselves; a checkpoint
    holds the averages besides, as the optimizer's.

    Args:
        callbacks: Callbacks such as `RetrievalEvaluation`.

    Example:
    >>> import keras
    >>> from keras import ops
    >>> from keras_drop.training import AveragedEvaluation, CoupledAdam
    >>> class Print(keras.callbacks.Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(round(float(self.model.get_weights()[0][0, 0]), 1))
    >>> layer = keras.layers.Dense(1, kernel_initializer="zeros")
    >>> model = keras.Sequential([keras.Input((1,)), layer])
    >>> model.compile(
    ...     CoupledAdam(1.0, use_ema=True, ema_momentum=0.5), "mse")
    >>> data = ops.ones((2, 1)), 9 * ops.ones((2, 1))
    >>> callbacks = [AveragedEvaluation([Print()]), Print()]
    >>> _ = model.fit(*data, 1, callbacks=callbacks, verbose=0)
    1.5
    2.0
    """

    def __init__(self, callbacks):
        super().__init__()
        self.callbacks = list(callbacks)

    def set_model(self, model):
        super().set_model(model)
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params):
        super().set_params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def on_train_begin(self, logs=None):
        for callback in self.callbacks:
            callback.on_train_begin(logs)

    def on_epoch_begin(self, epoch, logs=None):
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        with averaged_weights(self.model):
            for callback in self.callbacks:
                callback.on_epoch_end(epoch, logs)
