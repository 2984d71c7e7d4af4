"""What the models with one embedding of the whole image do alike."""

from keras import ops

from keras_drop.layers import BNNeck
from keras_drop.models.base.identity_losses import centre_terms, reads_cosines

GLOBAL_LOSS_WEIGHTS = {
    "global_identity": 1.0,
    "global_triplet": 1.0,
    "global_centre": 0.0,
}
COSINE_TERMS = ("global_identity",)
TEST_EMBEDDINGS = ("before_neck", "after_neck")


def global_descriptor(
    vector, num_identities, losses, test_embedding="after_neck"
):
    """The vector of an image to its embedding and identity logits.

    Args:
        vector: `(batch, dim)`, float32.
        num_identities: People in the training set.
        losses: The model's losses by term, of which that of the identity says
            whether the logits are cosines.
        test_embedding: Which side of the neck is compared.

    Returns:
        The dictionary of a model's outputs.
    """
    normalised, logits = BNNeck(
        num_identities,
        cosine=reads_cosines(losses, "global_identity"),
        name="global_neck",
    )(vector)
    compared = vector if test_embedding == "before_neck" else normalised
    return {
        "embeddings": compared[:, None, :],
        "visibility": ops.ones_like(vector[:, :1]),
        "global": vector,
        "global_logits": logits,
    }


def global_terms(model, identities, outputs, training):
    """Identity, triplet and centre loss of the one embedding of a model."""
    return {
        "global_identity": model.term(
            "global_identity", identities, outputs["global_logits"]
        ),
        "global_triplet": model.term(
            "global_triplet", identities, outputs["global"][:, None, :]
        ),
        **centre_terms(
            model, "global_centre", identities, outputs["global"], training
        ),
    }
