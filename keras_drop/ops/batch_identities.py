import keras
from keras import ops

_COARSE = ("float16", "bfloat16")


def batch_identities(identities, like):
    """The people of a batch as `(batch,)` integers.

    Args:
        identities: `(batch,)` or `(batch, 1)` numbers.
        like: What there is of every image, `(batch, ...)`.

    Returns:
        `(batch,)` int32.

    Raises:
        ValueError: Another shape, such as of one-hot rows; another number of
            images; or floats of 16 bits, which tell 256 people apart
            (`bfloat16`) or 2,048. `keras.losses.Loss` makes labels to what its
            `dtype` is, so identities are then rounded already.

    Example:
    >>> import numpy as np
    >>> from keras_drop.ops import batch_identities
    >>> people = batch_identities([[7], [9]], like=np.zeros((2, 5)))
    >>> [int(person) for person in people]
    [7, 9]
    """
    identities, like = map(ops.convert_to_tensor, (identities, like))
    shape, count = tuple(identities.shape), like.shape[0]
    if len(shape) == 2 and shape[1] == 1:
        identities, shape = identities[:, 0], shape[:1]
    if len(shape) != 1:
        raise ValueError(
            f"Identities are `(batch,)` integers; these have the shape {shape}."
            " Take `argmax(axis=-1)` of one-hot rows."
        )
    if None not in (shape[0], count) and shape[0] != count:
        raise ValueError(
            f"There are {shape[0]} identities for {count} images. Give one an "
            "image."
        )
    if (kind := keras.backend.standardize_dtype(identities.dtype)) in _COARSE:
        raise ValueError(
            f"The identities are {kind}, which cannot tell more than "
            f"{256 if kind == 'bfloat16' else 2048} people apart. Give "
            'integers, and make the loss with `dtype="float32"`.'
        )
    return ops.cast(identities, "int32")


def nan_of_strangers(losses, labels, num_classes):
    """Losses, those of labels that are no class being no number.

    An index outside of an array is an error, nothing, or somebody else, as
    the backend likes; this is the same on all, and cannot be overlooked.

    Args:
        losses: `(batch, ...)` floats.
        labels: Integers of the same shape: people, or parts.
        num_classes: How many there are, numbered from 0.

    Returns:
        Losses of the same shape.
    """
    known = ops.logical_and(labels >= 0, labels < num_classes)
    return ops.where(known, losses, float("nan"))
