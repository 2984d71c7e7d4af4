import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.losses.arguments import checked_choice
from keras_drop.losses.valid_anchors import scale_to_valid
from keras_drop.ops import (
    PAIR_VISIBILITY_RULES,
    at_least,
    average_part_distances,
    hardest_negative,
    hardest_positive,
    pair_visibility,
    part_distances,
    triplet_cost,
)
from keras_drop.registration import register


@register
class PartAveragedTriplet(keras.losses.Loss):
    """Batch-hard triplet loss on the mean of the part distances.

    Two images are as far apart as their parts are on average. Every anchor
    is held against its farthest positive and its nearest negative, taken
    from the batches of all replicas. Anchors that lack one of the two are
    left out of the mean; if all do, the loss is 0.

    Args:
        margin: How much farther than the hardest positive the hardest
            negative has to be before the anchor costs nothing. 0 or less
            selects the soft form, `log(1 + exp(positive - negative))`.
        visibility_weight: Where a visibility is given, how a part counts for
            a pair: `"product"` of the two visibilities, or its root, `"sqrt"`.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities.
        y_pred: `(batch, parts, dim)` embeddings; or a dictionary of these as
            `"embeddings"` and of a `(batch, parts)` `"visibility"`. Pairs
            without a part that both show take no part.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `visibility_weight`.

    Example:
    >>> embeddings = ops.array([[[0.0]], [[1.0]], [[1.5]]])
    >>> loss = PartAveragedTriplet(margin=0.3)
    >>> round(float(loss([7, 7, 8], embeddings)), 4)
    0.4

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(self, margin=0.3, visibility_weight="product", **kwargs):
        super().__init__(**kwargs)
        self.margin = margin
        self.visibility_weight = checked_choice(
            "visibility_weight", visibility_weight, PAIR_VISIBILITY_RULES
        )

    def call(self, y_true, y_pred):
        if not isinstance(y_pred, dict):
            y_pred = {"embeddings": y_pred}
        return part_averaged_triplet(
            y_true,
            **y_pred,
            margin=self.margin,
            visibility_weight=self.visibility_weight,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "visibility_weight": self.visibility_weight,
            "dtype": self.dtype,
        }


def part_averaged_triplet(
    identities,
    embeddings,
    margin=0.3,
    visibility=None,
    visibility_weight="product",
):
    """Triplet loss of every image.

    Args:
        identities: `(batch,)` integers.
        embeddings: `(batch, parts, dim)`; computed in float32.
        margin: Of the hinge; 0 or less selects the soft form.
        visibility: `(batch, parts)` in `[0, 1]`, or nothing: all visible.
        visibility_weight: `"product"` or `"sqrt"`.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the mean over the
        anchors that have a positive and a negative.
    """
    identities = ops.cast(identities, "int32")
    embeddings = ops.cast(embeddings, "float32")
    if visibility is None:
        visibility = ops.ones_like(embeddings[..., 0])
    visibility = ops.cast(visibility, "float32")
    weights = pair_visibility(
        visibility, gather_replicas(visibility), visibility_weight
    )
    distances, comparable = average_part_distances(
        part_distances(embeddings, gather_replicas(embeddings)), weights
    )
    same = ops.equal(identities[:, None], gather_replicas(identities)[None, :])
    positives = ops.logical_and(same, comparable)
    negatives = ops.logical_and(ops.logical_not(same), comparable)
    losses = triplet_cost(
        hardest_positive(distances, positives),
        hardest_negative(distances, negatives),
        margin,
    )
    valid = ops.logical_and(at_least(positives, 2), at_least(negatives, 1))
    return scale_to_valid(losses, valid)
