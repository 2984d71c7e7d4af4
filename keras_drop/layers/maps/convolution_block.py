"""The convolution that several layers are made of."""

import keras

from keras_drop.layers.batch_normalization import BatchNormalization


def convolution(filters, size, dtype, name="convolution"):
    """`keras.layers.Conv2D` without bias that keeps height and width."""
    return keras.layers.Conv2D(
        filters,
        size,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        data_format="channels_last",
        dtype=dtype,
        name=name,
    )


def convolution_block(filters, size, dtype, name, relu=True):
    """`convolution`, batch normalisation and, if asked, ReLU.

    Args:
        filters: Channels of the result.
        size: Height and width of the kernel.
        dtype: Data type or dtype policy of all three.
        name: Name of the block.
        relu: Whether the ReLU is there.

    Returns:
        `keras.Sequential`, not built.
    """
    layers = [
        convolution(filters, size, dtype),
        BatchNormalization(
            momentum=0.9, epsilon=1e-5, dtype=dtype, name="normalisation"
        ),
    ]
    if relu:
        layers.append(keras.layers.ReLU(dtype=dtype, name="relu"))
    return keras.Sequential(layers, name=name)
