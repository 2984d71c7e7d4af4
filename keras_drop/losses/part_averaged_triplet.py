import keras
from keras import ops

from keras_drop.checks import checked_choice, checked_number
from keras_drop.losses.part_triplets import part_triplets
from keras_drop.losses.valid_anchors import scale_to_valid
from keras_drop.ops import PAIR_VISIBILITY_RULES, to_unit_length
from keras_drop.registration import register


@register
class PartAveragedTriplet(keras.losses.Loss):
    r"""Batch-hard triplet loss on the mean of the part distances.

    Two images are as far apart as their parts are on average. Every anchor
    is held against its farthest positive and its nearest negative, taken
    from the batches of all replicas. Anchors that lack one of the two are
    left out of the mean; if all do, the loss is 0.

    $$
    D(i, j) = \frac{\sum_k w_k \, d^k(i, j)}{\sum_k w_k}, \quad
    L_i = \left[\max_{j \in P_i} D(i, j) - \min_{j \in N_i} D(i, j)
    + m\right]_+
    $$

    where `d^k` is the Euclidean distance of part `k`, `w_k` its weight, `P_i`
    the other images of the person of `i`, `N_i` those of others, `m` the
    margin.

    Args:
        margin: How much farther than the hardest positive the hardest
            negative has to be before the anchor costs nothing. 0 or less
            selects the soft form, `log(1 + exp(positive - negative))`.
        visibility_weight: Where a visibility is given, how a part counts for
            a pair: `"product"` of the two visibilities, or its root, `"sqrt"`.
        part_weights: How much each part counts besides, one number a part;
            left out, all count alike.
        unit_length: Whether embeddings are brought to length 1 first. The
            distances of a part are then 0 to 2, so that the margin means the
            same for every part and at any time.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities.
        y_pred: `(batch, parts, dim)` embeddings; or a dictionary of these as
            `"embeddings"` and of a `(batch, parts)` `"visibility"`. Pairs
            without a part that both show take no part.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `visibility_weight`, a margin that is no number,
            a part weight below 0 or none above; in a call, weights for
            another number of parts.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import PartAveragedTriplet
    >>> embeddings = ops.array([[[0.0]], [[1.0]], [[1.5]]])
    >>> loss = PartAveragedTriplet(margin=0.3)
    >>> round(float(loss([7, 7, 8], embeddings)), 4)
    0.4

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679); with part
        weights [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    def __init__(
        self,
        margin=0.3,
        visibility_weight="product",
        part_weights=None,
        unit_length=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.margin = checked_number("margin", margin)
        self.visibility_weight = checked_choice(
            "visibility_weight", visibility_weight, PAIR_VISIBILITY_RULES
        )
        self.part_weights = _checked_weights(part_weights)
        self.unit_length = unit_length

    def call(self, y_true, y_pred):
        if not isinstance(y_pred, dict):
            y_pred = {"embeddings": y_pred}
        return part_averaged_triplet(
            y_true,
            **y_pred,
            margin=self.margin,
            visibility_weight=self.visibility_weight,
            part_weights=self.part_weights,
            unit_length=self.unit_length,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "visibility_weight": self.visibility_weight,
            "part_weights": self.part_weights,
            "unit_length": self.unit_length,
            "dtype": self.dtype,
        }


def part_averaged_triplet(
    identities,
    embeddings,
    margin=0.3,
    visibility=None,
    visibility_weight="product",
    part_weights=None,
    unit_length=False,
):
    """Triplet loss of every image.

    Args:
        identities: `(batch,)` integers.
        embeddings: `(batch, parts, dim)`; computed in float32.
        margin: Of the hinge; 0 or less selects the soft form.
        visibility: `(batch, parts)` in `[0, 1]`, or nothing: all visible.
        visibility_weight: `"product"` or `"sqrt"`.
        part_weights: One number a part, not negative, or nothing: all alike.
        unit_length: Whether embeddings are brought to length 1 first.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the mean over the
        anchors that have a positive and a negative.

    Raises:
        ValueError: Weights for another number of parts.
    """
    if unit_length:
        embeddings = to_unit_length(ops.cast(embeddings, "float32"))
    losses, valid = part_triplets(
        identities,
        embeddings,
        margin,
        visibility,
        visibility_weight,
        part_weights,
    )
    return scale_to_valid(losses, valid)


def _checked_weights(part_weights):
    """The weights, as a tuple of floats, if there are any."""
    if part_weights is None:
        return None
    weights = tuple(map(float, part_weights))
    if not sum(weights) > 0 or not min(weights) >= 0:
        raise ValueError(
            f"`part_weights` is {part_weights}: one number a part, none may be "
            "below 0 and one has to be above, such as (1.5, 1, 1)."
        )
    return weights
