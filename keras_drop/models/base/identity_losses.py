"""Losses that an identity term may have, by name, and what they read."""

from keras_drop.layers import IdentityCentres
from keras_drop.losses import (
    ArcFace,
    CircleIdentity,
    CosFace,
    IdentityCrossEntropy,
)

IDENTITY_LOSSES = {
    "cross_entropy": IdentityCrossEntropy,
    "arc_face": ArcFace,
    "cos_face": CosFace,
    "circle": CircleIdentity,
}


def reads_cosines(losses, term):
    """Whether the loss of a term takes cosines, and its classifier gives them.

    Args:
        losses: Dictionary of `keras.losses.Loss` objects by term.
        term: Name of the term.
    """
    return getattr(losses.get(term), "reads_cosines", False)


def refuse_cosines(model_class, losses):
    """Refuses losses of cosines for terms whose classifier gives none.

    Raises:
        ValueError: Names the term, and those that take such losses.
    """
    for term in losses:
        if term in model_class.COSINE_TERMS or not reads_cosines(losses, term):
            continue
        known = ", ".join(model_class.COSINE_TERMS) or "none of its terms"
        raise ValueError(
            f"{type(losses[term]).__name__} needs cosines, which "
            f"{model_class.__name__} has for {known}; `term_losses` gives it "
            f"to {term}."
        )


def identity_centres(model, term, num_identities, dim):
    """The layer of the centre loss, `None` if its term has no weight."""
    if not model.weighs(term):
        return None
    return IdentityCentres(num_identities, dim, name="centres")


def centre_terms(model, term, identities, embeddings, training):
    """The centre loss, if it has a weight; its centres learn in training.

    Args:
        model: `ReIDTask` with `centres`, as of `identity_centres`.
        term: Name of the term.
        identities: `(batch,)` integers.
        embeddings: `(batch, dim)`.
        training: Whether the centres move.

    Returns:
        Dictionary of a `(batch,)` tensor, or empty.
    """
    if model.centres is None:
        return {}
    batch = {"embeddings": embeddings, "centres": model.centres.read()}
    loss = model.term(term, identities, batch)
    if training:
        model.centres.update(embeddings, identities)
    return {term: loss}
