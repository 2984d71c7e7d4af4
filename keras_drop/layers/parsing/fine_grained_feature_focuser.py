import keras

from keras_drop.checks import checked_choice
from keras_drop.layers.maps.convolution_block import convolution_block
from keras_drop.layers.parsing.taylor_difference_block import (
    TaylorDifferenceBlock,
)
from keras_drop.registration import register

STARTS = ("identity", "no_skip")


@register
class FineGrainedFeatureFocuser(keras.layers.Layer):
    r"""Reduces a feature map, and sharpens it for the pooling of parts (FGFF).

    A 1x1 convolution, batch normalisation and ReLU reduce the map, a
    `TaylorDifferenceBlock` sharpens it where the gate says.

    $$
    Z = R + s \, (\text{TFD}(R; m) - R)
    $$

    for the reduced map `R`, the gate `m` and a learnt number `s`, 0 at first
    (`start="identity"`); `start="no_skip"` has none.

    Args:
        channels: Channels of the reduced map.
        start: `"identity"`: the result is the reduced map moved towards the
            sharpened one, as far as one trainable number, `strength`, says.
            It is 0 at the start, so that the block learns from the second
            step on. `"no_skip"`: the sharpened map alone.

    Call arguments:
        features: `(batch, height, width, features)`.
        gate: `(batch, height, width, gate_channels)`, such as the foreground
            mask; or nothing.

    Returns:
        `(batch, height, width, channels)`.

    Raises:
        ValueError: An unknown `start`.

    Example:
    >>> from keras_drop.layers import FineGrainedFeatureFocuser
    >>> from keras import ops
    >>> features, foreground = ops.ones((2, 8, 4, 64)), ops.ones((2, 8, 4, 1))
    >>> focuser = FineGrainedFeatureFocuser(channels=16)
    >>> ops.shape(focuser(features, foreground))
    (2, 8, 4, 16)

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    def __init__(self, channels=256, start="identity", **kwargs):
        super().__init__(**kwargs)
        self.channels = channels
        self.start = checked_choice("start", start, STARTS)
        self.reduction = convolution_block(
            channels, 1, self.dtype_policy, "reduction"
        )
        self.sharpening = TaylorDifferenceBlock(
            dtype=self.dtype_policy, name="taylor_difference"
        )

    def build(self, features_shape, gate_shape=None):
        self.reduction.build(features_shape)
        reduced_shape = (*features_shape[:-1], self.channels)
        self.sharpening.build(reduced_shape, gate_shape)
        if self.start == "identity":
            self.strength = self.add_weight(
                name="strength", shape=(), initializer="zeros"
            )

    def call(self, features, gate=None, training=False):
        reduced = self.reduction(features, training=training)
        sharpened = self.sharpening(reduced, gate, training=training)
        if self.start == "no_skip":
            return sharpened
        return reduced + self.strength * (sharpened - reduced)

    def compute_output_shape(self, features_shape, gate_shape=None):
        return (*features_shape[:-1], self.channels)

    def get_config(self):
        return {
            **super().get_config(),
            "channels": self.channels,
            "start": self.start,
        }
