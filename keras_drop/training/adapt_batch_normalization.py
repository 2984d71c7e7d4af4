import keras
import numpy as np

from keras_drop.backend.batch_normalizations import batch_normalizations
from keras_drop.checks import refuse_no_count
from keras_drop.models.inputs.resized_images import resized_images


def adapt_batch_normalization(
    model, images, batch_size=64, seed=1, keep_frozen=False
):
    """Batch normalisations take the statistics of other cameras' images.

    Nobody in the images has to be known. Mean and variance of every batch
    normalisation become those of the images, each as the layers before it,
    already normalised by batch, let it see them. No other weight changes, and
    none at all where it ends in an error.

    Args:
        model: A model of this library; it is changed.
        images: What `embed` takes: an array, a list of paths or images, or
            `ImageBatches`, whose batches should then be in no order.
        batch_size: Images that are normalised together.
        seed: Of the order, in which the images are mixed.
        keep_frozen: Those that are not trainable keep what they have, as
            those of stages that were frozen in training.

    Returns:
        How many batch normalisations were adapted.

    Raises:
        ValueError: A model without any, fewer than two images, or no whole
            number of images in a batch.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> from keras_drop.training import adapt_batch_normalization
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> images = np.random.default_rng(0).integers(0, 255, (4, 64, 32, 3))
    >>> adapt_batch_normalization(model, images.astype("uint8"))
    21

    Reference:
        [Li et al., 2016](https://arxiv.org/abs/1603.04779)
    """
    refuse_no_count(batch_size=batch_size)
    layers = batch_normalizations(model)
    if not layers:
        raise ValueError(
            f"A {type(model).__name__} with this backbone has no batch "
            "normalisation to adapt."
        )
    if keep_frozen:
        layers = [layer for layer in layers if layer.trainable]
    before = [(layer, layer.momentum, layer.trainable) for layer in layers]
    statistics = [
        (weight, keras.ops.convert_to_numpy(weight))
        for layer in layers
        for weight in (layer.moving_mean, layer.moving_variance)
    ]
    sums = [np.zeros((3, *layer.moving_mean.shape)) for layer in layers]
    total = 0
    try:
        for layer in layers:
            # So a batch leaves its own statistics, whatever was before.
            layer.trainable, layer.momentum = True, 0.0
        for batch in _batches(model, images, batch_size, seed):
            model(batch, training=True)
            total += len(batch)
            for layer, (means, squares, variances) in zip(layers, sums):
                mean = keras.ops.convert_to_numpy(layer.moving_mean)
                variance = keras.ops.convert_to_numpy(layer.moving_variance)
                means += len(batch) * mean.astype("float64")
                squares += len(batch) * mean.astype("float64") ** 2
                variances += len(batch) * variance.astype("float64")
        if total < 2:
            raise _too_few()
    except BaseException:
        for weight, value in statistics:
            weight.assign(value)
        raise
    finally:
        for layer, momentum, trainable in before:
            layer.momentum, layer.trainable = momentum, trainable
    for layer, of_layer in zip(layers, sums):
        means, squares, variances = of_layer / total
        layer.moving_mean.assign(means)
        layer.moving_variance.assign(variances + squares - means**2)
    return len(layers)


def _batches(model, images, batch_size, seed):
    if isinstance(images, keras.utils.PyDataset):
        yield from (images[index] for index in range(len(images)))
        return
    if not isinstance(images, np.ndarray):
        images = list(images)
    if len(images) < 2:
        raise _too_few()
    order = np.random.default_rng(seed).permutation(len(images))
    for rows in np.array_split(order, -(-len(images) // batch_size)):
        batch = (
            images[rows]
            if isinstance(images, np.ndarray)
            else [images[row] for row in rows]
        )
        yield resized_images(model, batch, batch_size)


def _too_few():
    return ValueError(
        "One image has no statistics; give some hundred of the cameras."
    )
