import keras
from keras import ops

from keras_drop.checks import checked_share
from keras_drop.ops import batch_identities, nan_of_strangers
from keras_drop.registration import register


@register
class IdentityCrossEntropy(keras.losses.Loss):
    r"""Cross-entropy of identity logits against smoothed labels.

    $$
    L = - (1 - \epsilon) \log p_y - \frac{\epsilon}{C} \sum_{c=1}^{C} \log p_c
    $$

    for the probabilities `p` of `C` identities, of which `y` is the image's.

    Args:
        label_smoothing: Share of the label spread evenly over all identities.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: `(batch, identities)` logits.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A smoothing outside `[0, 1)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import IdentityCrossEntropy
    >>> logits = ops.array([[2.0, 0.0, 0.0, 0.0]])
    >>> round(float(IdentityCrossEntropy(0.1)([0], logits)), 6)
    0.490753

    Reference:
        [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567)
    """

    def __init__(self, label_smoothing=0.1, **kwargs):
        super().__init__(**kwargs)
        self.label_smoothing = checked_share("label_smoothing", label_smoothing)

    def call(self, y_true, y_pred):
        return identity_cross_entropy(y_true, y_pred, self.label_smoothing)

    def get_config(self):
        return {
            **super().get_config(),
            "label_smoothing": self.label_smoothing,
            "dtype": self.dtype,
        }


def identity_cross_entropy(identities, logits, label_smoothing=0.1):
    """Smoothed cross-entropy of every image.

    Args:
        identities: `(batch,)` integers from 0.
        logits: `(batch, identities)`; computed in float32.
        label_smoothing: The target is `1 - label_smoothing` at the identity,
            plus `label_smoothing / identities` everywhere.

    Returns:
        `(batch,)` losses; not a number for a label without a logit.
    """
    identities = batch_identities(identities, logits)
    people = logits.shape[-1]
    log_probabilities = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    # The two terms of the smoothed target, without building it.
    places = ops.clip(identities, 0, people - 1)
    own = ops.take_along_axis(log_probabilities, places[:, None], axis=-1)
    evenly = ops.mean(log_probabilities, axis=-1)
    losses = -(1 - label_smoothing) * own[:, 0] - label_smoothing * evenly
    return nan_of_strangers(losses, identities, people)
