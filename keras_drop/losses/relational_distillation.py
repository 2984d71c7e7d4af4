import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.checks import refuse_outside
from keras_drop.ops import part_distances
from keras_drop.registration import register


@register
class RelationalDistillation(keras.losses.Loss):
    r"""A small model keeps images as far apart as a large one has them.

    $$
    L_i = \frac{\sum_k \sum_{j \ne i} w_{ij}^k \,
    h\big(d^{S,k}_{ij} / \mu^{S,k} - d^{T,k}_{ij} / \mu^{T,k}\big)}
    {\sum_k \sum_{j \ne i} w_{ij}^k}
    $$

    for the distances `d` of part `k` in images `i` and `j` to the student `S`
    and the teacher `T`, their means `mu` over all pairs, Huber's function `h`
    and `w`, 1 where the teacher sees the part in both images: equations (4)
    to (6) of the paper, part by part. Embeddings of teacher and student may
    have different sizes.

    Args:
        huber: Where `h` goes from a parabola to a line.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: Dictionary of the teacher's `"embeddings"` `(batch, parts,
            dim)` and `"visibility"` `(batch, parts)`.
        y_pred: The student's embeddings, `(batch, parts, dim)`.

    Returns:
        The loss reduced as `reduction` says, a scalar; 0 without any pair.

    Raises:
        ValueError: `huber` that is not above 0.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import RelationalDistillation
    >>> teacher = {
    ...     "embeddings": ops.array([[[0.0]], [[1.0]], [[3.0]]]),
    ...     "visibility": ops.ones((3, 1)),
    ... }
    >>> student = ops.array([[[0.0, 5.0]], [[0.0, 6.0]], [[0.0, 8.0]]])
    >>> float(RelationalDistillation()(teacher, student))
    0.0

    Reference:
        [Park et al., 2019](https://arxiv.org/abs/1904.05068)
    """

    def __init__(self, huber=1.0, **kwargs):
        super().__init__(**kwargs)
        refuse_outside(1e-6, 1e6, huber=huber)
        self.huber = huber

    def call(self, y_true, y_pred):
        return relational_distillation(
            **y_true, student=y_pred, huber=self.huber
        )

    def get_config(self):
        return {
            **super().get_config(),
            "huber": self.huber,
            "dtype": self.dtype,
        }


def relational_distillation(embeddings, visibility, student, huber=1.0):
    """Relational distillation loss of every image.

    Args:
        embeddings: `(batch, parts, dim)`, the teacher's.
        visibility: `(batch, parts)`, the teacher's; what it calls 0.5 or more
            is seen.
        student: `(batch, parts, dim)` embeddings, of any `dim`.
        huber: Where a parabola becomes a line.

    Returns:
        `(batch,)` losses; the others of a pair are those of all replicas.
    """
    seen = ops.cast(ops.cast(visibility, "float32") >= 0.5, "float32")
    pairs = seen[:, None, :] * gather_replicas(seen)[None, :, :]
    taught = part_distances(embeddings, gather_replicas(embeddings))
    # An image is no pair with itself, nor with its own like.
    pairs = pairs * ops.cast(taught > 0.0, "float32")
    learnt = part_distances(student, gather_replicas(student))
    away = _relative(learnt, pairs) - ops.stop_gradient(
        _relative(taught, pairs)
    )
    size = ops.abs(away)
    cost = ops.where(
        size <= huber,
        0.5 * ops.square(away),
        huber * (size - 0.5 * huber),
    )
    return ops.divide_no_nan(
        ops.sum(pairs * cost, axis=(1, 2)), ops.sum(pairs, axis=(1, 2))
    )


def _relative(distances, pairs):
    """Distances divided by their mean over all pairs, part by part."""
    sums = gather_replicas(ops.sum(pairs * distances, axis=1))
    counts = gather_replicas(ops.sum(pairs, axis=1))
    means = ops.divide_no_nan(ops.sum(sums, axis=0), ops.sum(counts, axis=0))
    return ops.divide_no_nan(distances, means)
