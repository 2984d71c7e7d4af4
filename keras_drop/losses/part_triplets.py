"""Batch-hard triplets of images that are compared part by part."""

from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.ops import (
    at_least,
    average_part_distances,
    batch_identities,
    hardest_negative,
    hardest_positive,
    pair_visibility,
    part_distances,
    triplet_cost,
)


def part_triplets(
    identities,
    embeddings,
    margin,
    visibility=None,
    visibility_weight="product",
    part_weights=None,
):
    """What the hardest triplet of every image costs.

    Args:
        identities: `(batch,)` integers.
        embeddings: `(batch, parts, dim)`; computed in float32.
        margin: Of the hinge; 0 or less selects the soft form.
        visibility: `(batch, parts)` in `[0, 1]`, or nothing: all visible.
        visibility_weight: `"product"` or `"sqrt"`.
        part_weights: One number a part, not negative, or nothing: all alike.

    Returns:
        `(batch,)` losses, and `(batch,)` bool: which images have a positive
        and a negative that show one of their parts, in the batches of all
        replicas. The losses of the others mean nothing.

    Raises:
        ValueError: Weights for another number of parts.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses.part_triplets import part_triplets
    >>> embeddings = ops.array([[[0.0]], [[1.0]], [[1.5]]])
    >>> losses, valid = part_triplets([7, 7, 8], embeddings, margin=0.3)
    >>> round(float(losses[1]), 4), [bool(x) for x in valid]
    (0.8, [True, True, False])
    """
    identities = batch_identities(identities, embeddings)
    embeddings = ops.cast(embeddings, "float32")
    if visibility is None:
        visibility = ops.ones_like(embeddings[..., 0])
    visibility = ops.cast(visibility, "float32")
    weights = pair_visibility(
        visibility, gather_replicas(visibility), visibility_weight
    )
    if part_weights is not None:
        num_parts = embeddings.shape[1]
        if len(part_weights) != num_parts:
            raise ValueError(
                f"There are {num_parts} parts and {len(part_weights)} "
                "`part_weights`. Give one number a part."
            )
        weights = weights * ops.convert_to_tensor(part_weights, "float32")
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
    # An image is its own positive, which does not count.
    valid = ops.logical_and(at_least(positives, 2), at_least(negatives, 1))
    return losses, valid
