import keras

from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.layers.maps.convolution_block import Conv2D
from keras_drop.registration import register


@register
class PixelToPartClassifier(keras.layers.Layer):
    """Tells for every cell of a feature map which body part it shows.

    Batch normalisation, then a 1x1 convolution. The logits are float32 under
    mixed precision: in half precision classes would tie by rounding.

    Args:
        num_parts: Number of body parts, without the background.

    Call arguments:
        features: `(batch, height, width, channels)`.

    Returns:
        Logits, `(batch, height, width, 1 + num_parts)`, background first.

    Example:
    >>> import keras
    >>> from keras_drop.layers import PixelToPartClassifier
    >>> features = keras.ops.ones((2, 64, 32, 128))
    >>> keras.ops.shape(PixelToPartClassifier(num_parts=8)(features))
    (2, 64, 32, 9)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(self, num_parts, **kwargs):
        super().__init__(**kwargs)
        self.num_parts = num_parts
        self.normalisation = BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            dtype=self.dtype_policy,
            name="normalisation",
        )
        self.classifier = Conv2D(
            1 + num_parts,
            1,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
            data_format="channels_last",
            dtype=self.variable_dtype,
            name="classifier",
        )

    def build(self, input_shape):
        self.normalisation.build(input_shape)
        self.classifier.build(input_shape)

    def call(self, features, training=False):
        return self.classifier(self.normalisation(features, training=training))

    def get_config(self):
        return {**super().get_config(), "num_parts": self.num_parts}
