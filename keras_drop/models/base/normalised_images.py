"""Pixel values as the backbones were trained to see them."""

import keras

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


def normalised_images(
    images, mean=IMAGENET_MEAN, deviation=IMAGENET_DEVIATION, name="normalised"
):
    """Brings RGB pixel values in `[0, 255]` to `(x / 255 - mean) / deviation`.

    Args:
        images: `(batch, height, width, 3)`, a `keras.KerasTensor` in a graph.
        mean: One number a channel, or one for all. Left out, ImageNet's, as
            for ResNet and HRNet; ViT takes 0.5.
        deviation: Standard deviation, as `mean`. ViT takes 0.5.
        name: Name of the layer.

    Returns:
        The normalised images, of the same shape.

    Example:
    >>> from keras import ops
    >>> from keras_drop.models.base.normalised_images import normalised_images
    >>> white = ops.full((1, 2, 2, 3), 255.0)
    >>> float(ops.max(normalised_images(white, mean=0.5, deviation=0.5)))
    1.0
    """
    channels = images.shape[-1]
    means, deviations = (
        [value] * channels if isinstance(value, int | float) else value
        for value in (mean, deviation)
    )
    return keras.layers.Rescaling(
        [1 / (255 * deviation) for deviation in deviations],
        [
            -mean / deviation
            for mean, deviation in zip(means, deviations, strict=True)
        ],
        name=name,
    )(images)
