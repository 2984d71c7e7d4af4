"""Identity and triplet loss of HPNet, and when it learns from them."""

from keras import ops

from keras_drop.models.base.part_descriptors import visible_parts

_RELEASED_PARSING_EPOCHS = 10


def reid_terms(model, identities, outputs, training):
    """Losses of the parts that are visible, of every image.

    Args:
        model: `HPNet`.
        identities: `(batch,)` integers.
        outputs: The model's outputs.
        training: Whether what the step does not learn from counts 0.

    Returns:
        Dictionary of `(batch,)` tensors, `identity` and `triplet`.
    """
    logits, parts = outputs["identity_logits"], outputs["parts"]
    seen = visible_parts(outputs)
    terms = {
        "identity": model.term(
            "identity", identities, {"logits": logits, "visibility": seen}
        ),
        "triplet": model.term(
            "triplet", identities, {"embeddings": parts, "visibility": seen}
        ),
    }
    if not training:
        return terms
    learnt = learnt_terms(
        model.epoch, model.step, model.parsing_epochs, model.release
    )
    return {name: learnt[name] * term for name, term in terms.items()}


def learnt_terms(epoch, step, parsing_epochs=None, release=False):
    """Whether a training step learns from identities, and from triplets.

    Args:
        epoch: Epoch of the step, from 0.
        step: Number of the step, from 0.
        parsing_epochs: Epochs at the start that learn from parsing alone;
            left out, none, or 10 with `release`.
        release: Whether even steps learn from triplets and odd ones from
            identities, as in the authors' code, instead of each from both.

    Returns:
        Dictionary of 1 or 0 for `identity` and `triplet`.
    """
    if parsing_epochs is None:
        parsing_epochs = _RELEASED_PARSING_EPOCHS if release else 0
    started = ops.cast(epoch >= parsing_epochs, "float32")
    if not release:
        return {"identity": started, "triplet": started}
    odd = ops.cast(ops.mod(step, 2), "float32")
    return {"identity": started * odd, "triplet": started * (1 - odd)}
