import keras

from keras_drop.registration import register


@register
class HierarchicalBiasDecoupledAdapter(keras.layers.Layer):
    """Turns one stage of a shared backbone into features for parsing (HBDA).

    Adds to the map what a narrow branch makes of it: a 1x1 convolution to a
    quarter of the channels, a 3x3 depthwise convolution, GELU and a 1x1
    convolution back, with an own bias. That last convolution starts at zero,
    so that a new layer changes nothing.

    Args:
        **kwargs: `name`, `dtype` and the like of `keras.layers.Layer`.

    Call arguments:
        features: `(batch, height, width, channels)`.

    Returns:
        `(batch, height, width, channels)`.

    Example:
    >>> import keras
    >>> from keras_drop.layers import HierarchicalBiasDecoupledAdapter
    >>> features = keras.ops.ones((1, 16, 8, 64))
    >>> keras.ops.shape(HierarchicalBiasDecoupledAdapter()(features))
    (1, 16, 8, 64)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032), and its journal
        version (IEEE T-BIOM, 2026), which names the adapter.
    """

    def build(self, input_shape):
        channels = input_shape[-1]
        narrow = max(channels // 4, 1)
        common = {"data_format": "channels_last", "dtype": self.dtype_policy}
        self.branch = keras.Sequential(
            [
                keras.layers.Conv2D(
                    narrow, 1, use_bias=False, name="down", **common
                ),
                keras.layers.DepthwiseConv2D(
                    3,
                    padding="same",
                    use_bias=False,
                    activation="gelu",
                    name="depthwise",
                    **common,
                ),
                keras.layers.Conv2D(
                    channels,
                    1,
                    kernel_initializer="zeros",
                    name="up",
                    **common,
                ),
            ],
            name="branch",
        )
        self.branch.build(input_shape)

    def call(self, features):
        return features + self.branch(features)

    def compute_output_shape(self, input_shape):
        return input_shape
