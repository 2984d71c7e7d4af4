import keras
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.layers.parsing.fine_grained_feature_focuser import STARTS
from keras_drop.layers.parsing.taylor_difference_block import (
    TaylorDifferenceBlock,
)
from keras_drop.registration import register


@register
class PartMapFocuser(keras.layers.Layer):
    """Sharpens the logits of part maps before their softmax (FGFF on maps).

    What the softmax of the result weighs is the refined map; the parsing loss
    belongs to the map before. Computed in float32 under mixed precision: in
    half precision classes would tie by rounding.

    Args:
        start: `"identity"`: a `TaylorDifferenceBlock` of the logits is added
            to them, times one trainable number, `strength`. It is 0 at the
            start, so that the block learns from the second step on.
            `"no_skip"`: the block alone.

    Call arguments:
        part_logits: `(batch, height, width, 1 + parts)`.

    Returns:
        Refined logits, `(batch, height, width, 1 + parts)`.

    Raises:
        ValueError: An unknown `start`.

    Example:
    >>> import keras
    >>> from keras_drop.layers import PartMapFocuser
    >>> part_logits = keras.ops.ones((2, 16, 8, 9))
    >>> keras.ops.shape(PartMapFocuser()(part_logits))
    (2, 16, 8, 9)

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    def __init__(self, start="identity", **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.start = checked_choice("start", start, STARTS)
        self.sharpening = TaylorDifferenceBlock(
            dtype=self.variable_dtype, name="taylor_difference"
        )

    def build(self, input_shape):
        self.sharpening.build(input_shape)
        if self.start == "identity":
            self.strength = self.add_weight(
                name="strength",
                shape=(),
                initializer="zeros",
                autocast=False,
            )

    def call(self, part_logits, training=False):
        part_logits = ops.cast(part_logits, self.variable_dtype)
        sharpened = self.sharpening(part_logits, training=training)
        if self.start == "no_skip":
            return sharpened
        return part_logits + self.strength * sharpened

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "start": self.start}
