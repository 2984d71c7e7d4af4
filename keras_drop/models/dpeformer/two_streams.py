"""What DPEFormer learns from images and their occluded copies."""

from keras_drop.models.dpeformer.patch_descriptors import HEADS, NUM_PARTS


def two_stream_terms(model, targets, outputs, training):
    """Identity losses of both streams, and both against the memory.

    Args:
        model: `DPEFormer`.
        targets: With `identities` and `occluded_images`.
        outputs: The model's outputs for the images.
        training: Whether the normalisations follow the occluded images.

    Returns:
        Dictionary of one `(batch,)` tensor per name; those against the memory
        are there if they have a weight.

    Raises:
        ValueError: There are no occluded images.
    """
    if "occluded_images" not in targets:
        raise ValueError(
            "`y` has no `occluded_images`, the second copy of the images "
            f"that DPEFormer learns from; it has {', '.join(targets)}. "
            "`keras_drop.data.TrainingBatches` makes them, with "
            "`occluded_stream=[RealisticOcclusion()]`."
        )
    identities = targets["identities"]
    streams = outputs, model(targets["occluded_images"], training=training)
    return {
        **_identity_terms(model, identities, streams),
        **_memory_terms(model, identities, streams),
    }


def _identity_terms(model, identities, streams):
    """Mean over the streams, and over the parts, of every head."""
    terms = {}
    for head in HEADS:
        name = f"{head}_identity"
        losses = [
            model.term(name, identities, logits)
            for outputs in streams
            for logits in _classifiers(outputs[f"{head}_logits"])
        ]
        terms[name] = sum(losses) / len(losses)
    return terms


def _memory_terms(model, identities, streams):
    terms = {}
    embeddings, seen = model.bank.read()
    for name, outputs in zip(("memory", "occluded_memory"), streams):
        if model.weighs(name):
            stripes = outputs["stripes"]
            terms[name] = model.term(
                name,
                identities,
                {"embeddings": stripes, "memory": embeddings, "seen": seen},
            )
    return terms


def _classifiers(logits):
    """`(batch, identities)` logits of every classifier of a head."""
    if len(logits.shape) == 2:
        return [logits]
    return [logits[:, part] for part in range(NUM_PARTS)]
