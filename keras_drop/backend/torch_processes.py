"""Training on several processes, whose gradients Keras does not average."""

import keras
import torch

from keras_drop.backend.batch_normalizations import batch_normalizations


def fit_processes(
    model,
    x=None,
    y=None,
    batch_size=None,
    epochs=1,
    verbose="auto",
    callbacks=None,
    **kwargs,
):
    """As `keras.Model.fit`, with gradients averaged over all processes.

    All begin with the weights of the first. Every process gives its own part
    of each batch, of the same size.

    Args:
        model: Compiled model.
        x: As of `fit`.
        y: As of `fit`.
        batch_size: As of `fit`, of this process.
        epochs: As of `fit`.
        verbose: As of `fit`.
        callbacks: As of `fit`.
        **kwargs: As of `fit`.

    Returns:
        `keras.callbacks.History`.
    """
    for variable in (*model.variables, *model.optimizer.variables):
        torch.distributed.broadcast(variable.value.data, src=0)
    shared = _Shared()
    try:
        return keras.Model.fit(
            model,
            x,
            y,
            batch_size,
            epochs,
            verbose,
            [shared, *(callbacks or [])],
            **kwargs,
        )
    finally:
        shared.release()


class _Shared(keras.callbacks.Callback):
    """Averages gradients, moving statistics and what others read of a step."""

    def __init__(self):
        super().__init__()
        self._hooks = {}

    def on_train_begin(self, logs=None):
        self._hook()

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            self._hook()  # Weights that a callback has thawed.

    def on_train_batch_end(self, batch, logs=None):
        self._average(logs, _moving_statistics(self.model))

    def on_epoch_end(self, epoch, logs=None):
        self._average(logs, [])

    def release(self):
        """Gradients are those of this process again."""
        for hook in self._hooks.values():
            hook.remove()
        self._hooks.clear()

    def _hook(self):
        for variable in self.model.trainable_variables:
            parameter = variable.value
            if id(parameter) not in self._hooks:
                hook = parameter.register_post_accumulate_grad_hook(_mean)
                self._hooks[id(parameter)] = hook

    def _average(self, logs, tensors):
        """Puts the means of all processes in their place, by one message."""
        names = sorted(logs or {})
        device = self.model.variables[0].value.device
        numbers = torch.tensor(
            [float(logs[name]) for name in names], device=device
        )
        parts = [numbers, *(tensor.flatten().float() for tensor in tensors)]
        sizes = [part.numel() for part in parts]
        together = torch.cat(parts)
        torch.distributed.all_reduce(together)
        together /= torch.distributed.get_world_size()
        numbers, *means = together.split(sizes)
        for name, number in zip(names, numbers.tolist()):
            logs[name] = number
        for tensor, mean in zip(tensors, means):
            tensor.copy_(mean.view_as(tensor))


def _mean(parameter):
    torch.distributed.all_reduce(parameter.grad)
    parameter.grad /= torch.distributed.get_world_size()


def _moving_statistics(model):
    """Of the batch normalisations, which may see their own process alone."""
    return [
        variable.value.data
        for layer in batch_normalizations(model)
        for variable in (layer.moving_mean, layer.moving_variance)
    ]
