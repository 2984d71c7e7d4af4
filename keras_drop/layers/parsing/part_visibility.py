import keras

from keras_drop.ops import part_visibility
from keras_drop.registration import register


@register
class PartVisibility(keras.layers.Layer):
    """Which parts an image shows: `ops.part_visibility` in a model's graph.

    Computed in float32 under mixed precision.

    Args:
        rule: `"argmax"`, `"continuous"`, `"threshold"` or `"margin"`.
        threshold: Used by the last two rules alone; one number, or one for
            each part.

    Call arguments:
        part_maps: `(batch, height, width, 1 + parts)` probabilities,
            background first.

    Returns:
        `(batch, 1 + parts)` float32 in `[0, 1]`, the foreground first; it is
        always 1.

    Example:
    >>> import keras
    >>> from keras_drop.layers import PartVisibility
    >>> part_maps = keras.ops.array([[[[0.6, 0.1, 0.3]]]])
    >>> keras.ops.convert_to_numpy(PartVisibility()(part_maps))
    array([[1., 0., 0.]], dtype=float32)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(self, rule="argmax", threshold=0.4, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.rule = rule
        self.threshold = threshold

    def call(self, part_maps):
        return part_visibility(part_maps, self.rule, self.threshold)

    def get_config(self):
        return {
            **super().get_config(),
            "rule": self.rule,
            "threshold": self.threshold,
        }
