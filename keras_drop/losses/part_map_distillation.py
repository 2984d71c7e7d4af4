import keras
from keras import ops

from keras_drop.ops.resize import resize_half_pixel
from keras_drop.registration import register


@register
class PartMapDistillation(keras.losses.Loss):
    r"""A small model finds the parts where a large one finds them.

    $$
    L = \frac{1}{HW} \sum_{h,w} \sum_k q_{hwk} \log \frac{q_{hwk}}{p_{hwk}}
    $$

    for the probabilities `q` of the teacher and `p` of the student that cell
    `(h, w)` shows part `k`. The teacher's maps are resized to the student's
    grid.

    Args:
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: The teacher's maps, `(batch, height, width, 1 + parts)`.
        y_pred: The student's, on a grid of its own.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import PartMapDistillation
    >>> teacher = ops.array([[[[0.5, 0.5]]]])
    >>> student = ops.array([[[[0.25, 0.75]]]])
    >>> round(float(PartMapDistillation()(teacher, student)), 4)
    0.1438

    Reference:
        [Hinton et al., 2015](https://arxiv.org/abs/1503.02531), cell by cell
    """

    def call(self, y_true, y_pred):
        return part_map_distillation(y_true, y_pred)

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}


def part_map_distillation(teacher, student):
    """Divergence of the part maps of every image.

    Args:
        teacher: `(batch, height, width, 1 + parts)` probabilities; no
            gradient reaches them.
        student: The same on a grid of its own.

    Returns:
        `(batch,)` losses.
    """
    student = ops.cast(student, "float32")
    teacher = resize_half_pixel(
        ops.cast(teacher, "float32"), student.shape[1:3]
    )
    teacher = ops.stop_gradient(ops.maximum(teacher, 1e-7))
    ratio = ops.log(teacher) - ops.log(ops.maximum(student, 1e-7))
    return ops.mean(ops.sum(teacher * ratio, axis=-1), axis=(1, 2))
