"""What DPEFormer does with the tokens."""

import keras
from keras import ops

from keras_drop.layers import BNNeck, FeatureBlending, StripePooling
from keras_drop.models.dpeformer.patch_selection import selection_layer

NUM_PARTS = 4
HEADS = ("global", "stripes", "parts", "each_part")


def patch_descriptors(
    tokens, grid, num_identities, selection, blending=True, release=False
):
    """Tokens to descriptors, identity logits and the choice of patches.

    Args:
        tokens: `(batch, 1 + rows * columns, dim)` float32, the class token
            first.
        grid: `(rows, columns)` of the patches.
        num_identities: People in the training set.
        selection: `PatchSelection`.
        blending: Whether the part tokens are enriched by the global one.
        release: Whether to do as the authors' code.

    Returns:
        The dictionary of the model's outputs.
    """
    patches = tokens[:, 1:]
    global_token = patches[:, 0] if release else tokens[:, 0]
    dim = global_token.shape[-1]
    cells = keras.layers.Reshape((*grid, dim), name="patch_map")(patches)
    stripes = StripePooling(NUM_PARTS, dtype="float32", name="stripes")(cells)
    stripes, stripes_logits = BNNeck(num_identities, name="stripes_neck")(
        keras.layers.Flatten(name="joined_stripes")(stripes)
    )
    selected, kept, ranks = selection_layer(selection, NUM_PARTS, release)(
        global_token, patches
    )
    parts = [selected[:, part] for part in range(NUM_PARTS)]
    if blending:
        parts = [
            FeatureBlending(release, dtype="float32", name=f"blending_{n}")(
                part, global_token
            )
            for n, part in enumerate(parts, start=1)
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


def _classifier(num_identities, name):
    return keras.layers.Dense(
        num_identities,
        use_bias=False,
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
        dtype="float32",
        name=name,
    )
