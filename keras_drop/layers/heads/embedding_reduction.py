import keras
from keras import ops

from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.registration import register


@register
class EmbeddingReduction(keras.layers.Layer):
    """Pooled features to a shorter embedding: linear, normalised, ReLU.

    Every row counts for the batch normalisation, so that one block shared by
    all parts normalises over images and parts. The result is float32 under
    mixed precision, for it is what distances are computed from.

    Args:
        dim: Size of the embedding.

    Call arguments:
        features: `(..., channels)`.

    Returns:
        Embeddings, `(..., dim)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import EmbeddingReduction
    >>> ops.shape(EmbeddingReduction(dim=512)(ops.ones((2, 8, 1920))))
    (2, 8, 512)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(self, dim=512, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.linear = keras.layers.Dense(
            dim,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            dtype=self.dtype_policy,
            name="linear",
        )
        self.normalisation = BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            dtype=self.variable_dtype,
            name="normalisation",
        )

    def build(self, input_shape):
        self.linear.build(input_shape)
        self.normalisation.build((*input_shape[:-1], self.dim))

    def call(self, features, training=False):
        embeddings = self.linear(features)
        return ops.relu(self.normalisation(embeddings, training=training))

    def get_config(self):
        return {**super().get_config(), "dim": self.dim}
