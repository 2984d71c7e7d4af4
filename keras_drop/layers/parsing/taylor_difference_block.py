import keras
from keras import ops

from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.layers.maps.convolution_block import convolution_block
from keras_drop.registration import register


@register
class TaylorDifferenceBlock(keras.layers.Layer):
    r"""What a map gains in two residual units, gated cell by cell (TFD).

    The first unit gives a first difference, the second one, on the map with
    that added, a second difference. An attention in `(0, 1)` for each cell,
    computed from the second difference and from what the gate is given
    besides, strengthens it. The result is three times the first difference,
    plus the second one, plus a 1x1 convolution of the strengthened second
    one. The map itself is not added: a map of zeros gives zeros at the start.

    Its weights grow with 37 times the square of the channels: use it on
    reduced maps.

    $$
    \text{TFD}(u; m) = 3 \delta + u_2 + W ((1 + \alpha) u_2), \quad
    \alpha = \sigma(\text{gate}(u_2, m))
    $$

    for the first difference `delta`, the second one `u_2` and the gate `m`.

    Args:
        **kwargs: `name`, `dtype` and the like of `keras.layers.Layer`.

    Call arguments:
        features: `(batch, height, width, channels)`.
        gate: `(batch, height, width, gate_channels)` that the attention is
            computed from besides the second difference; or nothing.

    Returns:
        `(batch, height, width, channels)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import TaylorDifferenceBlock
    >>> features, foreground = ops.ones((2, 8, 4, 16)), ops.ones((2, 8, 4, 1))
    >>> ops.shape(TaylorDifferenceBlock()(features, foreground))
    (2, 8, 4, 16)

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443); the block is
        that of AMD-Net (Ge et al., Electronics Letters 60(9), 2024), by the
        same authors.
    """

    def build(self, features_shape, gate_shape=None):
        channels = features_shape[-1]
        self.first_unit = self._residual_unit(channels, "first_unit")
        self.second_unit = self._residual_unit(channels, "second_unit")
        gate_channels = 0 if gate_shape is None else gate_shape[-1]
        self.attention = self._attention(channels + gate_channels)
        self.projection = keras.layers.Conv2D(
            channels,
            1,
            use_bias=False,
            kernel_initializer="glorot_uniform",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="projection",
        )
        self.first_unit.build(features_shape)
        self.second_unit.build(features_shape)
        self.attention.build((*features_shape[:-1], channels + gate_channels))
        self.projection.build(features_shape)

    def call(self, features, gate=None, training=False):
        difference = self.first_unit(features, training=training)
        first = ops.relu(difference)
        second = ops.relu(
            self.second_unit(ops.relu(features + difference), training=training)
        )
        seen = second if gate is None else ops.concatenate([second, gate], -1)
        attention = self.attention(seen, training=training)
        strengthened = self.projection((1.0 + attention) * second)
        return 3.0 * first + second + strengthened

    def compute_output_shape(self, features_shape, gate_shape=None):
        return features_shape

    def _residual_unit(self, channels, name):
        return keras.Sequential(
            [
                convolution_block(channels, 3, self.dtype_policy, "inner"),
                convolution_block(
                    channels, 3, self.dtype_policy, "outer", relu=False
                ),
            ],
            name=name,
        )

    def _attention(self, channels):
        common = {"dtype": self.dtype_policy}
        maps = {**common, "data_format": "channels_last"}
        norm = {**common, "momentum": 0.9, "epsilon": 1e-5}
        layers = keras.layers
        return keras.Sequential(
            [
                BatchNormalization(name="input_normalisation", **norm),
                layers.Conv2D(
                    channels, 1, activation="relu", name="hidden", **maps
                ),
                layers.Conv2D(1, 1, name="score", **maps),
                BatchNormalization(name="score_normalisation", **norm),
                layers.Activation("sigmoid", name="sigmoid", **common),
            ],
            name="attention",
        )
