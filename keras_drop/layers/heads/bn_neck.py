import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.ops import to_unit_length
from keras_drop.registration import register


@register
class BNNeck(keras.layers.Layer):
    """Identity head: batch normalisation without offset, then a classifier.

    Distance losses take the embedding before it, the identity loss the
    logits after it. Computed in float32 under mixed precision.

    Args:
        num_identities: Number of people in the training set.
        use_bias: Whether the classifier has a bias.
        cosine: Whether it gives the cosine of the normalised embedding and
            the vector of each person, for margin losses such as
            `keras_drop.losses.ArcFace`. It has no bias then.

    Call arguments:
        embeddings: `(batch, dim)`.
        visibility: `(batch,)`, or nothing. With it, the statistics of the
            batch are those of the rows above 0, from all replicas; a batch
            without such a row leaves the moving statistics as they are.

    Returns:
        A pair: normalised embeddings `(batch, dim)` and identity logits
        `(batch, num_identities)`.

    Raises:
        ValueError: A bias for cosines.

    Example:
    >>> import keras
    >>> from keras_drop.layers import BNNeck
    >>> normalised, logits = BNNeck(702)(keras.ops.ones((2, 512)))
    >>> keras.ops.shape(normalised), keras.ops.shape(logits)
    ((2, 512), (2, 702))

    Reference:
        [Luo et al., 2019](https://arxiv.org/abs/1903.07071)
    """

    def __init__(self, num_identities, use_bias=False, cosine=False, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.num_identities = num_identities
        if cosine and use_bias:
            raise ValueError(
                "`use_bias` is of logits; a cosine has none. Leave out one of "
                "`use_bias` and `cosine`."
            )
        self.use_bias = use_bias
        self.cosine = cosine
        self.normalisation = BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            center=False,
            dtype=self.variable_dtype,
            name="normalisation",
        )
        self.classifier = keras.layers.Dense(
            num_identities,
            use_bias=use_bias,
            kernel_initializer=keras.initializers.RandomNormal(
                # Of a cosine only the direction counts, until it is learnt.
                stddev=0.01 if cosine else 0.001
            ),
            dtype=self.variable_dtype,
            name="classifier",
        )

    def build(self, input_shape):
        self.normalisation.build(input_shape)
        self.classifier.build(input_shape)

    def call(self, embeddings, visibility=None, training=False):
        learns = training and self.normalisation.trainable
        if visibility is not None and learns:
            normalised = self._normalise_visible(embeddings, visibility > 0)
        else:
            normalised = self.normalisation(embeddings, training=training)
        if not self.cosine:
            return normalised, self.classifier(normalised)
        people = to_unit_length(ops.transpose(self.classifier.kernel))
        return normalised, ops.matmul(
            to_unit_length(normalised), ops.transpose(people)
        )

    def _normalise_visible(self, embeddings, visible):
        """Batch normalisation by the visible rows; Keras' own `mask` counts
        those of one replica, and forgets its statistics where none is."""
        layer = self.normalisation
        embeddings = ops.cast(embeddings, self.variable_dtype)
        shown = gather_replicas(ops.cast(visible, self.variable_dtype))
        rows = gather_replicas(embeddings)
        count = ops.sum(shown)
        weights = (shown / ops.maximum(count, 1.0))[:, None]
        mean = ops.sum(weights * rows, axis=0)
        variance = ops.sum(weights * ops.square(rows - mean), axis=0)
        layer.follow(mean, variance, count, where=count > 0)
        return ops.batch_normalization(
            embeddings,
            mean,
            variance,
            axis=-1,
            scale=ops.convert_to_tensor(layer.gamma),
            epsilon=layer.epsilon,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "num_identities": self.num_identities,
            "use_bias": self.use_bias,
            "cosine": self.cosine,
        }
