import keras
from keras import ops

from keras_drop.backend import masked_maximum
from keras_drop.checks import checked_choice
from keras_drop.registration import register

MODES = ("sum", "concat", "avg")
NORMALIZERS = ("mask", "grid")


@register
class ParsingGuidedPooling(keras.layers.Layer):
    r"""Weighted average and maximum of a feature map under each mask (WAMP).

    The average is the sum of the masked features, divided by the sum of the
    mask; the maximum is that of the masked features, channel by channel. A
    mask of zeros pools to zeros, with a finite gradient, provided that the
    features are not negative. Sums are float32 under mixed precision. Where
    several cells have the maximum they share its gradient; in training by
    TensorFlow on CPUs the first has it, which spares most of the work.

    $$
    \text{WAMP}(m) = \frac{\sum m F}{\max(\sum m, 10^{-6})} + \max (m F)
    $$

    for the map `F` and a mask `m`, over all cells.

    Args:
        mode: `"sum"` adds average and maximum, `"concat"` puts them one after
            the other, `"avg"` leaves the maximum out.
        normalize: What the average is divided by: `"mask"` the sum of the
            mask, `"grid"` the number of cells.

    Call arguments:
        features: `(batch, height, width, channels)`.
        masks: `(batch, height, width, masks)`, values in `[0, 1]`.

    Returns:
        `(batch, masks, channels)`; twice as many channels for `"concat"`.

    Raises:
        ValueError: An unknown `mode` or `normalize`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import ParsingGuidedPooling
    >>> features, masks = ops.ones((2, 16, 8, 512)), ops.ones((2, 16, 8, 9))
    >>> ops.shape(ParsingGuidedPooling(mode="concat")(features, masks))
    (2, 9, 1024)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, mode="sum", normalize="mask", **kwargs):
        # Masks stay float32 under mixed precision until they are summed.
        super().__init__(autocast=False, **kwargs)
        self.mode = checked_choice("mode", mode, MODES)
        self.normalize = checked_choice("normalize", normalize, NORMALIZERS)

    def call(self, features, masks, training=False):
        height, width, channels = features.shape[1:]
        features = ops.cast(features, self.compute_dtype)
        features = ops.reshape(features, (-1, height * width, channels))
        masks = ops.reshape(masks, (-1, height * width, masks.shape[-1]))
        average = ops.cast(self._average(features, masks), features.dtype)
        if self.mode == "avg":
            return average
        maximum = self._maximum(features, masks, training)
        if self.mode == "concat":
            return ops.concatenate([average, maximum], axis=-1)
        return average + maximum

    def _average(self, features, masks):
        # In half precision, a sum over some thousand cells would overflow.
        features, masks = (
            ops.cast(x, self.variable_dtype) for x in (features, masks)
        )
        sums = ops.matmul(ops.transpose(masks, (0, 2, 1)), features)
        if self.normalize == "grid":
            return sums / features.shape[1]
        weights = ops.sum(masks, axis=1)
        return sums / ops.maximum(weights[..., None], 1e-6)

    def _maximum(self, features, masks, training):
        masks = ops.cast(masks, features.dtype)
        if training:
            maximum = masked_maximum(features, masks)
            if maximum is not None:
                return maximum
        # One mask at a time: together they would need `masks` copies of the
        # features at once, which is slower too.
        return ops.stack(
            [
                ops.max(masks[:, :, k : k + 1] * features, axis=1)
                for k in range(masks.shape[-1])
            ],
            axis=1,
        )

    def compute_output_shape(self, features_shape, masks_shape):
        channels = features_shape[-1] * (2 if self.mode == "concat" else 1)
        return features_shape[0], masks_shape[-1], channels

    def get_config(self):
        return {
            **super().get_config(),
            "mode": self.mode,
            "normalize": self.normalize,
        }
