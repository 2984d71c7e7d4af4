"""Embeddings of parts that a hard mask cuts out of a map of their own."""

import keras
from keras import ops

from keras_drop.layers import BNNeck, MaskedMaxPooling, ParsingHead
from keras_drop.ops import competing_part_maps


def masked_part_descriptors(maps, part_names, num_identities, masks):
    """Outputs of a model, from one feature map a part.

    Args:
        maps: List of `(batch, height, width, channels)`, one a part.
        part_names: Names of the parts, with which their layers begin.
        num_identities: People in the training set.
        masks: `HardMasks`.

    Returns:
        The dictionary of a model's outputs.
    """
    # 256 of ResNet-50's 2048 channels, 128 of ResNet-18's 512.
    head_channels = min(256, maps[0].shape[-1] // 4)
    part_logits = ops.concatenate(
        [
            ParsingHead(head_channels, name=f"{part}_parsing_head")(features)
            for part, features in zip(part_names, maps)
        ],
        axis=-1,
    )
    probabilities = keras.layers.Activation(
        "sigmoid", dtype="float32", name="part_probabilities"
    )(part_logits)
    visible_from = masks.of_parts(len(part_names))
    parts, seen, embeddings, logits = [], [], [], []
    for k, (part, features) in enumerate(zip(part_names, maps)):
        pooled, visibility = MaskedMaxPooling(
            masks.threshold, visible_from[k], name=f"{part}_pooling"
        )(features, probabilities[..., k : k + 1])
        parts.append(pooled)
        seen.append(visibility)
        counted = visibility[:, 0] if masks.masked_normalization else None
        embedding, identity_logits = BNNeck(
            num_identities, use_bias=True, name=f"{part}_neck"
        )(pooled[:, 0], counted)
        embeddings.append(embedding)
        logits.append(identity_logits)
    return {
        "embeddings": ops.stack(embeddings, axis=1),
        "visibility": ops.concatenate(seen, axis=1),
        "part_maps": competing_part_maps(probabilities),
        "part_logits": part_logits,
        "parts": ops.concatenate(parts, axis=1),
        "identity_logits": ops.stack(logits, axis=1),
    }


def add_unmasked(outputs, maps):
    """Puts the maxima over all cells before the embeddings of the parts.

    They are visible in images that show no part.

    Args:
        outputs: Dictionary of outputs, which is changed.
        maps: List of `(batch, height, width, channels)`, one a part.
    """
    unmasked = ops.stack(
        [
            ops.cast(ops.max(features, axis=(1, 2)), "float32")
            for features in maps
        ],
        axis=1,
    )
    seen = outputs["visibility"]
    none = 1 - ops.max(seen, axis=1, keepdims=True)
    outputs["embeddings"] = ops.concatenate(
        [unmasked, outputs["embeddings"]], axis=1
    )
    outputs["visibility"] = ops.concatenate(
        [none * ops.ones_like(seen), seen], axis=1
    )
