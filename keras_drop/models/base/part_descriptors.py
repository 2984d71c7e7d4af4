"""What the part-based models do alike once the map is pooled."""

import keras
from keras import ops

from keras_drop.layers import BNNeck, EmbeddingReduction, PartVisibility
from keras_drop.models.inputs.label_checks import refuse_other_parts
from keras_drop.ops import parsing_targets

EMBEDDING_DIM = 512
TEST_EMBEDDINGS = ("foreground+parts", "global+foreground+parts", "parts")


def part_descriptors(
    global_vector,
    foreground_vector,
    part_vectors,
    part_maps,
    num_identities,
    visibility,
    test_embeddings="foreground+parts",
    cosines=(),
):
    """Pooled features to embeddings, identity logits and visibility.

    Args:
        global_vector: `(batch, channels)`, pooled over the whole map.
        foreground_vector: `(batch, channels)`, pooled over the person.
        part_vectors: `(batch, parts, channels)`, which identities are learnt
            from; if others are compared, these follow, equal in value.
        part_maps: `(batch, height, width, 1 + parts)`, background first.
        num_identities: People in the training set.
        visibility: `VisibilityRule`.
        test_embeddings: Which embeddings are compared.
        cosines: Of which of `"global"`, `"foreground"` and `"parts"` the logits
            are cosines.

    Returns:
        The dictionary of a model's outputs, without those of the parsing.
    """
    num_parts = part_maps.shape[-1] - 1
    visibility.refuse_other_parts(num_parts)
    reduced, normalised, logits = {}, {}, {}
    for name, vector in (
        ("global", global_vector),
        ("foreground", foreground_vector),
        ("parts", part_vectors[:, :num_parts, :]),
    ):
        reduction = EmbeddingReduction(EMBEDDING_DIM, name=f"{name}_reduction")
        reduced[name] = reduction(vector)
    concatenated = keras.layers.Reshape(
        (num_parts * EMBEDDING_DIM,), name="concatenated_parts"
    )(reduced["parts"])
    if part_vectors.shape[1] > num_parts:
        # Not in one call: gradients would pass through the common statistics.
        # So the moving ones follow a batch twice.
        reduced["parts"] = reduction(part_vectors[:, num_parts:, :])
    for name, embedding in (
        ("global", reduced["global"]),
        ("foreground", reduced["foreground"]),
        ("parts", concatenated),
    ):
        normalised[name], logits[name] = BNNeck(
            num_identities, cosine=name in cosines, name=f"{name}_neck"
        )(embedding)
    seen = PartVisibility(
        visibility.rule, visibility.threshold, name="part_visibility"
    )(part_maps)
    compared = [
        normalised[name][:, None, :]
        for name in test_embeddings.split("+")
        if name != "parts"
    ]
    return {
        "embeddings": ops.concatenate([*compared, reduced["parts"]], axis=1),
        "visibility": _visibility_of(test_embeddings, seen),
        "part_maps": part_maps,
        **reduced,
        **{f"{name}_logits": values for name, values in logits.items()},
    }


def parsing_term(targets, outputs, loss):
    """The parsing loss of every image, 0 for one without a label.

    Args:
        targets: With `parsing` and `parsing_weight`.
        outputs: With `part_logits`.
        loss: `keras.losses.Loss` of hard labels and logits on one grid.

    Returns:
        `(batch,)` losses.

    Raises:
        ValueError: Labels of another number of parts than the model's.
    """
    labels, logits = targets["parsing"], outputs["part_logits"]
    refuse_other_parts(labels, logits.shape[-1] - 1)
    losses = loss.call(parsing_targets(labels, logits.shape[1:3]), logits)
    return ops.cast(targets["parsing_weight"], "float32") * losses


def visible_parts(outputs):
    """`(batch, parts)` visibility of the parts alone."""
    num_parts = outputs["parts"].shape[1]
    return outputs["visibility"][:, -num_parts:]


def _visibility_of(test_embeddings, seen):
    """Puts the constant 1 of the global embedding before the others."""
    foreground, parts = seen[:, :1], seen[:, 1:]
    whole = {"global": foreground, "foreground": foreground, "parts": parts}
    return ops.concatenate(
        [whole[name] for name in test_embeddings.split("+")], axis=1
    )
