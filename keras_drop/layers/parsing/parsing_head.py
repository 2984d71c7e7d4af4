import keras
from keras import ops

from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.layers.maps.convolution_block import Conv2D
from keras_drop.registration import register


@register
class ParsingHead(keras.layers.Layer):
    """Tells for every cell of a feature map whether it shows one body part.

    A 3x3 convolution, batch normalisation and ReLU, then a 1x1 convolution to
    one logit; its sigmoid is the probability. The logits are float32 under
    mixed precision: what is compared with a threshold must not be rounded.

    Args:
        channels: Channels between the two convolutions.

    Call arguments:
        features: `(batch, height, width, any)`.

    Returns:
        Logits, `(batch, height, width, 1)`.

    Example:
    >>> import keras
    >>> from keras_drop.layers import ParsingHead
    >>> features = keras.ops.ones((2, 24, 8, 2048))
    >>> keras.ops.shape(ParsingHead(channels=256)(features))
    (2, 24, 8, 1)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, channels=256, **kwargs):
        super().__init__(**kwargs)
        self.channels = channels
        self.convolution = keras.layers.Conv2D(
            channels,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.normalisation = BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            dtype=self.dtype_policy,
            name="normalisation",
        )
        self.classifier = Conv2D(
            1,
            1,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
            data_format="channels_last",
            dtype=self.variable_dtype,
            name="classifier",
        )

    def build(self, input_shape):
        hidden_shape = (*input_shape[:-1], self.channels)
        self.convolution.build(input_shape)
        self.normalisation.build(hidden_shape)
        self.classifier.build(hidden_shape)

    def call(self, features, training=False):
        hidden = self.convolution(features)
        hidden = self.normalisation(hidden, training=training)
        return self.classifier(ops.relu(hidden))

    def get_config(self):
        return {**super().get_config(), "channels": self.channels}
