"""One run on several devices."""

import keras

from keras_drop.backend import data_parallel, num_replicas


def replicas(num_devices):
    """Context in which a model is built, compiled and trained on all devices.

    Every device gets its part of each batch. The losses and memory banks of
    this library gather what they compare, so that the result is that of one
    device, if batch normalisations are synchronised as well
    (`synchronize_batch_normalization`). The batch size has to be a multiple
    of the number of devices.

    On TensorFlow it is `tf.distribute.MirroredStrategy`, on JAX
    `keras.distribution.DataParallel`. The `fit` of Keras 3.15 on PyTorch
    averages no gradients over processes, so that there only 1 is allowed.

    Args:
        num_devices: How many GPUs; without any, how many CPU devices.

    Returns:
        Context manager.

    Raises:
        ValueError: More devices than there are, fewer than 1, or more than 1
            on PyTorch.

    Example:
    >>> import keras
    >>> from keras_drop.training import replicas
    >>> with replicas(1):
    ...     model = keras.Sequential([keras.layers.Dense(1)])
    """
    if num_devices < 1:
        raise ValueError(
            f"`num_devices` is {num_devices}; it has to be at least 1."
        )
    return data_parallel(num_devices)


def synchronize_batch_normalization(model):
    """Lets all batch normalisations see the batches of all devices.

    Call it within `replicas` and before `compile`. On TensorFlow it switches
    on `synchronized`; elsewhere nothing is to be done, because the batch that
    JAX normalises is that of all devices already.

    Args:
        model: Model, the nested ones in it included.

    Returns:
        The number of batch normalisations that were switched.

    Example:
    >>> import keras
    >>> from keras_drop.training import synchronize_batch_normalization
    >>> model = keras.Sequential([keras.layers.BatchNormalization()])
    >>> synchronize_batch_normalization(model)  # Not within `replicas`.
    0
    """
    if num_replicas() == 1:
        return 0
    layers = [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    for layer in layers:
        layer.synchronized = True
    return len(layers)
