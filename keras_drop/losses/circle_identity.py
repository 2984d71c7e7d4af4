from keras import ops

from keras_drop.losses.cosine_margin import CosineMargin
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.losses.own_cosine import with_own
from keras_drop.registration import register


@register
class CircleIdentity(CosineMargin):
    r"""Circle loss with classifiers: cosines far from their optimum pull more.

    $$
    L = \log \Big( 1 + \sum_{c \ne y} e^{\gamma \alpha_c (s_c - m)}
    e^{- \gamma \alpha_y (s_y - 1 + m)} \Big), \quad
    \alpha_c = [s_c + m]_+, \quad \alpha_y = [1 + m - s_y]_+
    $$

    for the cosines `s` of the embedding to the vector of each person, of whom
    `y` is the image's, the margin `m` and the scale `gamma`: equations (6) to
    (8) of the paper, with one within-class similarity. No gradient goes
    through `alpha`.

    A model that gets it in `term_losses` gives it cosines instead of logits.

    Args:
        margin: Relaxation `m` of the optimum, 1 for the own person and 0 for
            others; the smaller, the stricter.
        scale: The paper's `gamma`.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: `(batch, identities)` cosines.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A margin outside of 0 to 1, or a negative scale.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import CircleIdentity
    >>> cosines = ops.array([[0.8, 0.1, -0.3]])
    >>> loss = CircleIdentity(margin=0.25, scale=10.0)
    >>> round(float(loss([0], cosines)), 4)
    0.8202

    Reference:
        [Sun et al., 2020](https://arxiv.org/abs/2002.10857)
    """

    def __init__(self, margin=0.25, scale=64.0, **kwargs):
        super().__init__(margin, scale, 1, **kwargs)

    def call(self, y_true, y_pred):
        return circle_identity(y_true, y_pred, self.margin, self.scale)


def circle_identity(identities, cosines, margin=0.25, scale=64.0):
    """Circle loss of every image, of one cosine a person.

    Args:
        identities: `(batch,)` integers from 0.
        cosines: `(batch, identities)`; computed in float32.
        margin: Relaxation of the optimum.
        scale: The paper's `gamma`.

    Returns:
        `(batch,)` losses.
    """

    def own(cosine):
        weight = ops.stop_gradient(ops.relu(1.0 + margin - cosine))
        return weight * (cosine - 1.0 + margin)

    def other(cosine):
        return ops.stop_gradient(ops.relu(cosine + margin)) * (cosine - margin)

    changed = with_own(identities, cosines, own, other)
    return identity_cross_entropy(identities, scale * changed, 0.0)
