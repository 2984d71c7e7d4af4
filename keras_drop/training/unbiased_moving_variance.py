from keras_drop.layers import BatchNormalization


def unbiased_moving_variance(model):
    """Lets the moving variances of a model follow the unbiased estimate.

    So published training code in PyTorch has it: `n / (n - 1)` times the
    variance of a batch, for its `n` values a channel. For the embeddings of
    necks `n` is the batch size: at 8 images it is a seventh more. Keras, and
    this library unless told, follow the variance itself. Outputs in training
    are the same.

    It is of the training, not of the model, and not kept in its files. Call
    it before `compile`.

    Args:
        model: A model of this library; it is changed.

    Returns:
        The number of batch normalisations that were switched.

    Example:
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> from keras_drop.training import unbiased_moving_variance
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> unbiased_moving_variance(model)
    21
    """
    layers = [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, BatchNormalization)
    ]
    for layer in layers:
        layer.unbiased = True
    return len(layers)
