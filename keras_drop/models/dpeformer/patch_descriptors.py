"""What DPEFormer does with the tokens: outputs, and their identity losses."""

import keras
from keras import ops

from keras_drop.layers import BNNeck, StripePooling
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy

NUM_PARTS = 4
# Of the mean over both streams, and over the parts.
_WEIGHTS = {"global": 2.0, "stripes": 0.5, "parts": 0.5, "each_part": 1.0}
IDENTITY_LOSSES = tuple(f"{name}_identity" for name in _WEIGHTS)


def patch_descriptors(
    global_token, patches, grid, select, blend, num_identities
):
    """Tokens to descriptors, identity logits and the choice of patches.

    Args:
        global_token: `(batch, dim)` float32.
        patches: `(batch, rows * columns, dim)` float32.
        grid: `(rows, columns)` of the patches.
        select: `PatchTokenSelection` of `NUM_PARTS` parts.
        blend: One layer per part, of the part token and the global one, or
            nothing to leave the part tokens as they are.
        num_identities: People in the training set.

    Returns:
        The dictionary of the model's outputs.
    """
    dim = global_token.shape[-1]
    cells = keras.layers.Reshape((*grid, dim), name="patch_map")(patches)
    stripes = StripePooling(NUM_PARTS, dtype="float32", name="stripes")(cells)
    stripes, stripes_logits = BNNeck(num_identities, name="stripes_neck")(
        keras.layers.Flatten(name="joined_stripes")(stripes)
    )
    tokens, kept, ranks = select(global_token, patches)
    parts = [tokens[:, part] for part in range(NUM_PARTS)]
    if blend:
        parts = [
            layer(part, global_token)
            for layer, part in zip(blend, parts, strict=True)
        ]
    # One normalisation of all channels is one of each part.
    parts, parts_logits = BNNeck(num_identities, name="parts_neck")(
        ops.concatenate(parts, axis=-1)
    )
    each_part_logits = [
        _classifier(num_identities, f"part_{part + 1}_classifier")(
            parts[:, part * dim : (part + 1) * dim]
        )
        for part in range(NUM_PARTS)
    ]
    return {
        "embeddings": parts[:, None, :],
        "visibility": ops.ones_like(parts[:, :1]),
        "kept_patches": kept,
        "patch_ranks": ranks,
        "stripes": stripes,
        "global_logits": _classifier(num_identities, "global_classifier")(
            global_token
        ),
        "stripes_logits": stripes_logits,
        "parts_logits": parts_logits,
        "each_part_logits": ops.stack(each_part_logits, axis=1),
    }


def two_stream_identity_terms(identities, outputs, occluded):
    """Identity losses of the images and of their occluded copies.

    Args:
        identities: `(batch,)` integers.
        outputs: The model's outputs for the images.
        occluded: Its outputs for the occluded copies.

    Returns:
        Dictionary of one `(batch,)` tensor per name in `IDENTITY_LOSSES`.
    """
    terms = {}
    for name, weight in _WEIGHTS.items():
        losses = [
            identity_cross_entropy(identities, logits, label_smoothing=0.0)
            for stream in (outputs, occluded)
            for logits in _heads(stream[f"{name}_logits"])
        ]
        terms[f"{name}_identity"] = weight * sum(losses) / len(losses)
    return terms


def _heads(logits):
    """`(batch, identities)` logits of every classifier."""
    if len(logits.shape) == 2:
        return [logits]
    return [logits[:, part] for part in range(NUM_PARTS)]


def _classifier(num_identities, name):
    return keras.layers.Dense(
        num_identities,
        use_bias=False,
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
        dtype="float32",
        name=name,
    )
