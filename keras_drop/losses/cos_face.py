from keras_drop.losses.cosine_margin import CosineMargin
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.losses.own_cosine import with_own
from keras_drop.registration import register


@register
class CosFace(CosineMargin):
    r"""Cross-entropy of cosines, of which the own person's is made smaller.

    $$
    L = - \log \frac{e^{s (\cos \theta_y - m)}}
    {e^{s (\cos \theta_y - m)} + \sum_{c \ne y} e^{s \cos \theta_c}}
    $$

    for the angles `theta` between the embedding and the vector of each
    person, of whom `y` is the image's, the margin `m` and the scale `s`:
    equation (4) of the paper.

    A model that gets it in `term_losses` gives it cosines instead of logits.

    Args:
        margin: What the own person's cosine has to gain.
        scale: Factor of the cosines.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: `(batch, identities)` cosines.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A margin outside of 0 to 2, or a negative scale.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import CosFace
    >>> cosines = ops.array([[0.8, 0.1, -0.3]])
    >>> loss = CosFace(margin=0.5, scale=10.0)
    >>> round(float(loss([0], cosines)), 4)
    0.1291

    Reference:
        [Wang et al., 2018](https://arxiv.org/abs/1801.09414)
    """

    def __init__(self, margin=0.35, scale=30.0, **kwargs):
        super().__init__(margin, scale, 2, **kwargs)

    def call(self, y_true, y_pred):
        return cos_face(y_true, y_pred, self.margin, self.scale)


def cos_face(identities, cosines, margin=0.35, scale=30.0):
    """CosFace loss of every image.

    Args:
        identities: `(batch,)` integers from 0.
        cosines: `(batch, identities)`; computed in float32.
        margin: What the own person's cosine has to gain.
        scale: Factor of the cosines.

    Returns:
        `(batch,)` losses.
    """
    changed = with_own(identities, cosines, lambda own: own - margin)
    return identity_cross_entropy(identities, scale * changed, 0.0)
