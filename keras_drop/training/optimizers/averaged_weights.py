"""The moving averages of the weights that an optimizer keeps."""

import contextlib

from keras import ops


@contextlib.contextmanager
def averaged_weights(model):
    r"""Within `with`, the weights of a model are their moving averages.

    $$
    \bar w_t = m\, \bar w_{t-1} + (1 - m)\, w_t, \qquad \bar w_1 = w_1
    $$

    over the batches `t`, for the momentum `m`: what `use_ema=True` and
    `ema_momentum` of a Keras optimizer keep. They are saved and restored
    with the optimizer. After `with` training goes on from the weights
    themselves. The statistics of batch normalisations are no such weights;
    `adapt_batch_normalization` makes those of the averages.

    Args:
        model: Compiled model. Without averages, or before the first step,
            nothing happens.

    Example:
    >>> import keras
    >>> from keras import ops
    >>> from keras_drop.training import CoupledAdam, averaged_weights
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(CoupledAdam(0.1, use_ema=True, ema_momentum=0.5), "mse")
    >>> _ = model.fit(ops.ones((4, 1)), ops.ones((4, 1)), 2, verbose=0)
    >>> trained = model.get_weights()[0]
    >>> with averaged_weights(model):
    ...     bool(model.get_weights()[0] != trained)
    True
    >>> bool(model.get_weights()[0] == trained)
    True

    Reference:
        [Polyak and Juditsky, 1992](https://doi.org/10.1137/0330046); of
        deep networks: [Tarvainen and Valpola,
        2017](https://arxiv.org/abs/1703.01780)
    """
    pairs = averages(model.optimizer)
    before = [ops.convert_to_numpy(weight) for weight, _ in pairs]
    take_averages(model)
    try:
        yield
    finally:
        for (weight, _), value in zip(pairs, before, strict=True):
            weight.assign(value)


def take_averages(model):
    """The weights of a model become their averages, if there are some."""
    for weight, average in averages(getattr(model, "optimizer", None)):
        weight.assign(ops.convert_to_numpy(average))


def averages(optimizer):
    """Pairs of the weights that learn and their averages.

    Args:
        optimizer: Of Keras; `None` for none.

    Returns:
        List of pairs; empty without averages, or before the first step.
    """
    # Of `mixed_float16`.
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    if not getattr(optimizer, "use_ema", False) or not optimizer.built:
        return []
    if int(ops.convert_to_numpy(optimizer._iterations)) == 0:
        return []
    return list(
        zip(
            optimizer._trainable_variables,
            optimizer._model_variables_moving_average,
            strict=True,
        )
    )
