import keras
from keras import ops

from keras_drop.ops import batch_identities, nan_of_strangers
from keras_drop.registration import register


@register
class Centre(keras.losses.Loss):
    r"""How far embeddings are from the centre of their person.

    $$
    L = \frac{1}{2} \lVert x - c_y \rVert_2^2
    $$

    for the embedding `x` of an image of person `y`, whose centre is `c_y`:
    equation (2) of the paper. The centres are those of
    `keras_drop.layers.IdentityCentres`; no gradient reaches them.

    Args:
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: Dictionary of `"embeddings"` `(batch, dim)` and `"centres"`
            `(identities, dim)`.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import Centre
    >>> batch = {
    ...     "embeddings": ops.array([[3.0, 4.0]]),
    ...     "centres": ops.array([[9.0, 9.0], [0.0, 4.0]]),
    ... }
    >>> float(Centre()([1], batch))
    4.5

    Reference:
        [Wen et al., 2016](https://doi.org/10.1007/978-3-319-46478-7_31)
    """

    def call(self, y_true, y_pred):
        return centre(y_true, **y_pred)

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}


def centre(identities, embeddings, centres):
    """Centre loss of every image.

    Args:
        identities: `(batch,)` integers from 0.
        embeddings: `(batch, dim)`; computed in float32.
        centres: `(identities, dim)`; no gradient reaches them.

    Returns:
        `(batch,)` losses; not a number for a label without a centre.
    """
    identities = batch_identities(identities, embeddings)
    centres = ops.stop_gradient(ops.cast(centres, "float32"))
    people = centres.shape[0]
    own = ops.take(centres, ops.clip(identities, 0, people - 1), axis=0)
    away = ops.cast(embeddings, "float32") - own
    losses = 0.5 * ops.sum(ops.square(away), axis=-1)
    return nan_of_strangers(losses, identities, people)
