"""A depthwise convolution of small maps whose kernel learns fast on CPUs."""

import keras

from keras_drop.backend import depthwise_convolution
from keras_drop.registration import register


@register
class DepthwiseConv2D(keras.layers.DepthwiseConv2D):
    """As that of Keras; in training by the backend's own, where it has one.

    The call takes `training` besides.
    """

    def call(self, inputs, training=None):
        plain = (
            (*self.strides, *self.dilation_rate) != (1, 1, 1, 1)
            or (self.padding, self.data_format) != ("same", "channels_last")
            or self.depth_multiplier != 1
            or self.use_bias
            or self.activation is not keras.activations.linear
        )
        if plain or not (training and self.trainable):
            return super().call(inputs)
        found = depthwise_convolution(inputs, self.kernel)
        return super().call(inputs) if found is None else found
