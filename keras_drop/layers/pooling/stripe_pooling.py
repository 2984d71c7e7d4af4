import keras
import numpy as np
from keras import ops

from keras_drop.ops import adaptive_pooling_weights
from keras_drop.registration import register


@register
class StripePooling(keras.layers.Layer):
    """Averages a feature map to horizontal stripes, from top to bottom.

    Stripes are whole rows. Where their number does not divide the number of
    rows, neighbours share a row, so that all stripes are equally high. Sums
    are float32 under mixed precision.

    Args:
        num_stripes: Number of stripes.

    Call arguments:
        features: `(batch, rows, columns, channels)`, of fixed rows and
            columns.

    Returns:
        `(batch, num_stripes, channels)`.

    Raises:
        ValueError: Less than one stripe.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import StripePooling
    >>> ops.shape(StripePooling(num_stripes=4)(ops.ones((2, 16, 8, 768))))
    (2, 4, 768)

    Reference:
        [Sun et al., 2018](https://arxiv.org/abs/1711.09349); as in DPEFormer:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    def __init__(self, num_stripes=4, **kwargs):
        super().__init__(**kwargs)
        if num_stripes < 1:
            raise ValueError(
                f"`num_stripes` is {num_stripes}; it has to be at least 1."
            )
        self.num_stripes = num_stripes

    def call(self, features):
        rows = features.shape[1]
        weights = adaptive_pooling_weights(
            np.arange(rows), rows, self.num_stripes
        )
        # In half precision, sums over many cells would round and overflow.
        means = ops.mean(ops.cast(features, self.variable_dtype), axis=2)
        stripes = ops.einsum(
            "sr,brc->bsc", ops.cast(weights, means.dtype), means
        )
        return ops.cast(stripes, features.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.num_stripes, input_shape[-1]

    def get_config(self):
        return {**super().get_config(), "num_stripes": self.num_stripes}
