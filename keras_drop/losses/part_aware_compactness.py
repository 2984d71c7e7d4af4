import keras
from keras import ops

from keras_drop.backend import gather_replicas
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
class PartAwareCompactness(keras.losses.Loss):
    r"""Triplet loss on parts, with more negatives from a memory bank.

    The hardest positive comes from the batches of all replicas, the hardest
    negative from these and from the embeddings of earlier batches. Anchors
    that lack one of the two are left out of the mean; if all do, the loss is
    0. With an empty bank it is `PartAveragedTriplet`.

    $$
    L_i = \left[\max_{j \in P_i} D(i, j) -
    \min_{j \in N_i \cup B_i} D(i, j) + m\right]_+
    $$

    where `D` is the mean of the Euclidean distances of the parts, `P_i` are
    the other images of the person of `i`, `N_i` those of others, `B_i` what
    the bank holds of others, and `m` is the margin.

    Args:
        margin: How much farther than the hardest positive the hardest
            negative has to be before the anchor costs nothing. 0 or less
            selects the soft form, `log(1 + exp(positive - negative))`.
        combine: `"mean"`: images are as far apart as their parts on average.
            `"asymmetric"`: positives are as far apart as their farthest part,
            so that every part has to be compact.
        bank_positives: Whether positives come from the bank as well. It
            pulls towards embeddings of an older model.
        unit_length: Whether embeddings, those of the bank too, are brought to
            length 1 first. The distances of a part are then 0 to 2, so that
            the margin means the same for every part and at any time.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities.
        y_pred: `(batch, parts, dim)` embeddings, or a dictionary of these as
            `"embeddings"`; if wanted of a `(batch, parts)` `"visibility"`,
            which leaves out parts that one of a pair hides; and of a `"bank"`
            as `PartsEmbeddingMemoryBank.read` gives it: embeddings
            `(capacity, parts, dim)`, identities `(capacity,)` with -1 for an
            empty slot, visibility `(capacity, parts)`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `combine`, a margin that is no number.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import PartAwareCompactness
    >>> embeddings = ops.array([[[0.0]], [[1.0]]])
    >>> bank = ops.array([[[1.5]]]), ops.array([8]), ops.ones((1, 1))
    >>> loss = PartAwareCompactness(margin=0.3)
    >>> batch = {"embeddings": embeddings, "bank": bank}
    >>> round(float(loss([7, 7], batch)), 4)
    0.4

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(
        self,
        margin=0.3,
        combine="mean",
        bank_positives=False,
        unit_length=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.margin = checked_number("margin", margin)
        self.combine = checked_choice("combine", combine, COMBINATIONS)
        self.bank_positives = bank_positives
        self.unit_length = unit_length

    def call(self, y_true, y_pred):
        if not isinstance(y_pred, dict):
            y_pred = {"embeddings": y_pred}
        return part_aware_compactness(
            y_true,
            **y_pred,
            margin=self.margin,
            combine=self.combine,
            bank_positives=self.bank_positives,
            unit_length=self.unit_length,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "combine": self.combine,
            "bank_positives": self.bank_positives,
            "unit_length": self.unit_length,
            "dtype": self.dtype,
        }


def part_aware_compactness(
    identities,
    embeddings,
    bank=None,
    margin=0.3,
    combine="mean",
    visibility=None,
    bank_positives=False,
    unit_length=False,
):
    """Triplet loss of every image against its batch and a memory bank.

    Args:
        identities: `(batch,)` integers.
        embeddings: `(batch, parts, dim)`; computed in float32.
        bank: Nothing, or `(embeddings, identities, visibility)` of the bank.
        margin: Of the hinge; 0 or less selects the soft form.
        combine: `"mean"` or `"asymmetric"`.
        visibility: `(batch, parts)` in `[0, 1]`, or nothing: all visible, and
            the visibility in the bank is not read.
        bank_positives: Whether positives come from the bank as well.
        unit_length: Whether embeddings are brought to length 1 first.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the mean over the
        anchors that have a positive and a negative.
    """
    identities = batch_identities(identities, embeddings)
    embeddings = ops.cast(embeddings, "float32")
    if visibility is not None:
        visibility = ops.cast(visibility, "float32")
    others, people, seen = (
        gather_replicas(embeddings),
        gather_replicas(identities),
        None if visibility is None else gather_replicas(visibility),
    )
    from_bank = ops.zeros_like(people)
    if bank is not None:
        slots, bank_people, bank_seen = map(ops.convert_to_tensor, bank)
        others = _append(others, ops.stop_gradient(slots))
        people = _append(people, bank_people)
        seen = None if visibility is None else _append(seen, bank_seen)
        from_bank = _append(from_bank, ops.ones_like(bank_people))
    if unit_length:
        embeddings, others = to_unit_length(embeddings), to_unit_length(others)
    weights = None if visibility is None else pair_visibility(visibility, seen)
    as_positive, as_negative, comparable = compactness_distances(
        part_distances(embeddings, others), weights, combine
    )
    # -1 marks an empty slot of the bank.
    comparable = ops.logical_and(comparable, people[None, :] >= 0)
    same = ops.equal(identities[:, None], people[None, :])
    positives = ops.logical_and(same, comparable)
    negatives = ops.logical_and(ops.logical_not(same), comparable)
    if not bank_positives:
        positives = ops.logical_and(positives, from_bank[None, :] == 0)
    losses = triplet_cost(
        hardest_positive(as_positive, positives),
        hardest_negative(as_negative, negatives),
        margin,
    )
    valid = ops.logical_and(at_least(positives, 2), at_least(negatives, 1))
    return scale_to_valid(losses, valid)


def _append(rows, more):
    return ops.concatenate([rows, ops.cast(more, rows.dtype)], axis=0)
