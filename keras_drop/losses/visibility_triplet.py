import keras
from keras import ops

from keras_drop.checks import checked_number
from keras_drop.losses.part_triplets import part_triplets
from keras_drop.registration import register


@register
class VisibilityTriplet(keras.losses.Loss):
    r"""Batch-hard triplet loss over the parts that both images show.

    Two images are as far apart as the parts that both show are on average.
    Every anchor is held against its farthest positive and its nearest
    negative, from the batches of all replicas. An anchor without a positive
    or a negative that shows one of its parts costs nothing, but counts in the
    mean; `PartAveragedTriplet` leaves it out.

    $$
    \hat d(a, b) = \frac{\sum_j v_a^j v_b^j \, \|h_a^j - h_b^j\|}
    {\sum_j v_a^j v_b^j}, \quad
    L_a = \left[\max_p \hat d(a, p) - \min_n \hat d(a, n) + m\right]_+
    $$

    for the parts `h^j` of an image and their visibility `v^j`, positives `p`,
    negatives `n` and the margin `m`: equations (3) to (5) of the paper.

    Args:
        margin: How much farther than the hardest positive the hardest
            negative has to be before the anchor costs nothing. 0 or less
            selects the soft form, `log(1 + exp(positive - negative))`.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities.
        y_pred: Dictionary of `"embeddings"` `(batch, parts, dim)`, which are
            not normalised, and `"visibility"` `(batch, parts)`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A margin that is no number.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import VisibilityTriplet
    >>> batch = {
    ...     "embeddings": ops.array([[[0.0]], [[1.0]], [[1.5]], [[9.0]]]),
    ...     "visibility": ops.array([[1.0], [1.0], [1.0], [0.0]]),
    ... }
    >>> round(float(VisibilityTriplet(margin=0.3)([7, 7, 8, 8], batch)), 4)
    0.2

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, margin=0.3, **kwargs):
        super().__init__(**kwargs)
        self.margin = checked_number("margin", margin)

    def call(self, y_true, y_pred):
        return visibility_triplet(y_true, **y_pred, margin=self.margin)

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "dtype": self.dtype,
        }


def visibility_triplet(identities, embeddings, visibility, margin=0.3):
    """Triplet loss of every image.

    Args:
        identities: `(batch,)` integers.
        embeddings: `(batch, parts, dim)`; computed in float32.
        visibility: `(batch, parts)` in `[0, 1]`; a part counts for a pair by
            the product of the two.
        margin: Of the hinge; 0 or less selects the soft form.

    Returns:
        `(batch,)` losses, 0 for an anchor that cannot be judged.
    """
    losses, valid = part_triplets(identities, embeddings, margin, visibility)
    return ops.where(valid, losses, 0.0)
