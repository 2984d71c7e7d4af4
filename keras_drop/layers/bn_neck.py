import keras

from keras_drop.registration import register


@register
class BNNeck(keras.layers.Layer):
    """Identity head: batch normalisation without offset, then a classifier.

    Distance losses take the embedding before it, the identity loss the
    logits after it. Computed in float32 under mixed precision.

    Args:
        num_identities: Number of people in the training set.

    Call arguments:
        embeddings: `(batch, dim)`.

    Returns:
        A pair: normalised embeddings `(batch, dim)` and identity logits
        `(batch, num_identities)`.

    Example:
    >>> normalised, logits = BNNeck(702)(keras.ops.ones((2, 512)))
    >>> keras.ops.shape(normalised), keras.ops.shape(logits)
    ((2, 512), (2, 702))

    Reference:
        [Luo et al., 2019](https://arxiv.org/abs/1903.07071)
    """

    def __init__(self, num_identities, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.num_identities = num_identities
        self.normalisation = keras.layers.BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            center=False,
            dtype=self.variable_dtype,
            name="normalisation",
        )
        self.classifier = keras.layers.Dense(
            num_identities,
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
            dtype=self.variable_dtype,
            name="classifier",
        )

    def build(self, input_shape):
        self.normalisation.build(input_shape)
        self.classifier.build(input_shape)

    def call(self, embeddings, training=False):
        normalised = self.normalisation(embeddings, training=training)
        return normalised, self.classifier(normalised)

    def get_config(self):
        return {**super().get_config(), "num_identities": self.num_identities}
