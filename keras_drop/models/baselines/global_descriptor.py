"""What the models with one embedding of the whole image do alike."""

from keras import ops

from keras_drop.layers import BNNeck
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.losses.part_averaged_triplet import part_averaged_triplet

GLOBAL_LOSSES = ("global_identity", "global_triplet")
TEST_EMBEDDINGS = ("before_neck", "after_neck")


def global_descriptor(vector, num_identities, test_embedding="after_neck"):
    """The vector of an image to its embedding and identity logits.

    Args:
        vector: `(batch, dim)`, float32.
        num_identities: People in the training set.
        test_embedding: Which side of the neck is compared.

    Returns:
        The dictionary of a model's outputs.
    """
    normalised, logits = BNNeck(num_identities, name="global_neck")(vector)
    compared = vector if test_embedding == "before_neck" else normalised
    return {
        "embeddings": compared[:, None, :],
        "visibility": ops.ones_like(vector[:, :1]),
        "global": vector,
        "global_logits": logits,
    }


def global_terms(identities, outputs, triplet_margin, label_smoothing):
    """Identity and triplet loss of the one embedding."""
    return {
        "global_identity": identity_cross_entropy(
            identities, outputs["global_logits"], label_smoothing
        ),
        "global_triplet": part_averaged_triplet(
            identities, outputs["global"][:, None, :], triplet_margin
        ),
    }
