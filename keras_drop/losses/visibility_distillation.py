import keras
from keras import ops

from keras_drop.registration import register


@register
class VisibilityDistillation(keras.losses.Loss):
    r"""A small model sees the parts that a large one sees.

    $$
    L = - \frac{1}{K} \sum_k v_k \log p_k + (1 - v_k) \log (1 - p_k),
    \quad p_k = \max_{h,w} p_{hwk}
    $$

    for the visibility `v_k` of part `k` to the teacher and the highest
    probability `p_k` that a cell of the student's map gives it.

    Args:
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: The teacher's visibility of the parts, `(batch, parts)`.
        y_pred: The student's maps, `(batch, height, width, 1 + parts)`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import VisibilityDistillation
    >>> maps = ops.array([[[[0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]]])
    >>> seen = ops.array([[0.0, 1.0]])
    >>> round(float(VisibilityDistillation()(seen, maps)), 4)
    0.2877

    Reference:
        [Hinton et al., 2015](https://arxiv.org/abs/1503.02531), part by part
    """

    def call(self, y_true, y_pred):
        return visibility_distillation(y_true, y_pred)

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}


def visibility_distillation(visibility, part_maps):
    """Cross-entropy of the visibility of the parts of every image.

    Args:
        visibility: `(batch, parts)`, the teacher's; no gradient reaches it.
        part_maps: `(batch, height, width, 1 + parts)`, the student's.

    Returns:
        `(batch,)` losses.
    """
    visibility = ops.stop_gradient(ops.cast(visibility, "float32"))
    found = ops.max(ops.cast(part_maps, "float32")[..., 1:], axis=(1, 2))
    found = ops.clip(found, 1e-6, 1.0 - 1e-6)
    gained = visibility * ops.log(found)
    gained = gained + (1.0 - visibility) * ops.log(1.0 - found)
    return -ops.mean(gained, axis=-1)
