import keras
from keras import ops

from keras_drop.checks import checked_choice, checked_number
from keras_drop.losses.valid_anchors import scale_to_valid
from keras_drop.ops import (
    COMBINATIONS,
    at_least,
    batch_identities,
    compactness_distances,
    hardest_negative,
    hardest_positive,
    pair_visibility,
    part_distances,
    to_unit_length,
    triplet_cost,
)
from keras_drop.registration import register


@register
class PrototypeCompactness(keras.losses.Loss):
    r"""Triplet loss on parts between an image and one prototype per person.

    An image has to be nearer to the prototype of its person than to any
    other. Images whose person has no prototype yet, or for which no other
    person has one, are left out of the mean; if all are, the loss is 0.

    $$
    L_i = \left[D(i, M_y) - \min_{c \neq y} D(i, M_c) + m\right]_+
    $$

    where `D` is the mean of the Euclidean distances of the parts, `M_c` the
    prototype of a person, `y` the person of `i`, and `m` the margin.

    Args:
        margin: How much farther than its own prototype the nearest other has
            to be before an image costs nothing. 0 or less selects the soft
            form, `log(1 + exp(own - other))`.
        combine: `"mean"`: image and prototype are as far apart as their parts
            on average. `"asymmetric"`: the own prototype is as far away as
            its farthest part.
        unit_length: Whether embeddings and prototypes are brought to length 1
            first, as by `PartAwareCompactness`.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: Dictionary of `(batch, parts, dim)` `"embeddings"`; of
            `"prototypes"` `(identities, parts, dim)` and `"seen"`
            `(identities, parts)` as `PartPrototypeBank.read` gives them; and
            if wanted of a `(batch, parts)` `"visibility"`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `combine`, a margin that is no number.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import PrototypeCompactness
    >>> batch = {
    ...     "embeddings": ops.array([[[0.0]]]),
    ...     "prototypes": ops.array([[[1.0]], [[1.2]]]),
    ...     "seen": ops.ones((2, 1)),
    ... }
    >>> round(float(PrototypeCompactness(margin=0.3)([0], batch)), 4)
    0.1

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, margin=0.3, combine="mean", unit_length=False, **kwargs):
        super().__init__(**kwargs)
        self.margin = checked_number("margin", margin)
        self.combine = checked_choice("combine", combine, COMBINATIONS)
        self.unit_length = unit_length

    def call(self, y_true, y_pred):
        return prototype_compactness(
            y_true,
            **y_pred,
            margin=self.margin,
            combine=self.combine,
            unit_length=self.unit_length,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "combine": self.combine,
            "unit_length": self.unit_length,
            "dtype": self.dtype,
        }


def prototype_compactness(
    identities,
    embeddings,
    prototypes,
    seen,
    margin=0.3,
    combine="mean",
    visibility=None,
    unit_length=False,
):
    """Triplet loss of every image against the prototypes.

    Args:
        identities: `(batch,)` integers from 0.
        embeddings: `(batch, parts, dim)`; computed in float32.
        prototypes: `(identities, parts, dim)`, held without gradient.
        seen: `(identities, parts)` bool: which parts have a prototype. The
            others take no part.
        margin: Of the hinge; 0 or less selects the soft form.
        combine: `"mean"` or `"asymmetric"`.
        visibility: `(batch, parts)` in `[0, 1]`, or nothing: all visible.
        unit_length: Whether both are brought to length 1 first.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the mean over the
        images that have an own and another prototype.
    """
    identities = batch_identities(identities, embeddings)
    embeddings = ops.cast(embeddings, "float32")
    prototypes = ops.stop_gradient(ops.cast(prototypes, "float32"))
    if unit_length:
        embeddings, prototypes = map(to_unit_length, (embeddings, prototypes))
    seen = ops.cast(seen, "float32")
    if visibility is None:
        visibility = ops.ones_like(embeddings[..., 0])
    weights = pair_visibility(ops.cast(visibility, "float32"), seen)
    own, other, comparable = compactness_distances(
        part_distances(embeddings, prototypes), weights, combine
    )
    people = ops.arange(prototypes.shape[0], dtype="int32")
    same = ops.equal(identities[:, None], people[None, :])
    positives = ops.logical_and(same, comparable)
    negatives = ops.logical_and(ops.logical_not(same), comparable)
    losses = triplet_cost(
        hardest_positive(own, positives),
        hardest_negative(other, negatives),
        margin,
    )
    valid = ops.logical_and(at_least(positives, 1), at_least(negatives, 1))
    return scale_to_valid(losses, valid)
