from keras import ops

from keras_drop.ops import batch_identities


def with_own(identities, cosines, change, change_others=None):
    """Cosines, of which those to the own person are changed.

    Args:
        identities: `(batch,)` integers from 0.
        cosines: `(batch, identities)`.
        change: Function of such an array, for the own person.
        change_others: The same for all others; left out, they stay.

    Returns:
        `(batch, identities)`, float32.
    """
    cosines = ops.cast(cosines, "float32")
    identities = batch_identities(identities, cosines)
    own = ops.equal(identities[:, None], ops.arange(cosines.shape[-1]))
    others = change_others(cosines) if change_others else cosines
    return ops.where(own, change(cosines), others)
