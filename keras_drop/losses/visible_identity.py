import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.checks import checked_choice
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.registration import register

ID_NORMS = ("batch", "visible")


@register
class VisibleIdentity(keras.losses.Loss):
    r"""Cross-entropy of one identity classifier a part, over visible parts.

    $$
    L = - \sum_j v^j \log p^j_y
    $$

    for the visibility `v^j` of part `j` and the probability `p^j_y` that its
    classifier gives to the image's person: equation (2) of the paper.

    Args:
        id_norm: What the sum over the images is divided by, part by part:
            `"batch"` their number, as in the paper; `"visible"` the number of
            those that show the part, as in the released code. Both count the
            images of all replicas.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: Dictionary of `"logits"` `(batch, parts, identities)` and
            `"visibility"` `(batch, parts)`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `id_norm`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import VisibleIdentity
    >>> batch = {
    ...     "logits": ops.zeros((2, 3, 4)),
    ...     "visibility": ops.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]),
    ... }
    >>> round(float(VisibleIdentity()([0, 3], batch)), 4)
    2.0794
    >>> round(float(VisibleIdentity("visible")([0, 3], batch)), 4)
    2.7726

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, id_norm="batch", **kwargs):
        super().__init__(**kwargs)
        self.id_norm = checked_choice("id_norm", id_norm, ID_NORMS)

    def call(self, y_true, y_pred):
        return visible_identity(y_true, **y_pred, id_norm=self.id_norm)

    def get_config(self):
        return {
            **super().get_config(),
            "id_norm": self.id_norm,
            "dtype": self.dtype,
        }


def visible_identity(identities, logits, visibility, id_norm="batch"):
    """Identity loss of every image, the sum over its visible parts.

    Args:
        identities: `(batch,)` integers from 0.
        logits: `(batch, parts, identities)`; computed in float32.
        visibility: `(batch, parts)`, the weight of a part; no gradient
            reaches it.
        id_norm: `"batch"` or `"visible"`.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the loss.
    """
    visibility = ops.stop_gradient(ops.cast(visibility, "float32"))
    losses = ops.stack(
        [
            identity_cross_entropy(identities, logits[:, part], 0.0)
            for part in range(logits.shape[1])
        ],
        axis=1,
    )
    if id_norm == "visible":
        share = ops.mean(gather_replicas(visibility), axis=0)
        visibility = ops.divide_no_nan(visibility, share)
    return ops.sum(visibility * losses, axis=1)
