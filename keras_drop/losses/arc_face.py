import math

from keras import ops

from keras_drop.losses.cosine_margin import CosineMargin
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.losses.own_cosine import with_own
from keras_drop.registration import register


@register
class ArcFace(CosineMargin):
    r"""Cross-entropy of cosines, with an angle that the own person has to gain.

    $$
    L = - \log \frac{e^{s \cos(\theta_y + m)}}
    {e^{s \cos(\theta_y + m)} + \sum_{c \ne y} e^{s \cos \theta_c}}
    $$

    for the angles `theta` between the embedding and the vector of each
    person, of whom `y` is the image's, the margin `m` and the scale `s`:
    equation (3) of the paper. Where `theta_y + m` is more than half a turn,
    `cos theta_y - m sin m` takes the place of its cosine, so that a larger
    angle never costs less.

    A model that gets it in `term_losses` gives it cosines instead of logits.

    Args:
        margin: In radians.
        scale: Factor of the cosines.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: `(batch, identities)` cosines.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A margin outside of a quarter turn, or a negative scale.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import ArcFace
    >>> cosines = ops.array([[0.8, 0.1, -0.3]])
    >>> loss = ArcFace(margin=0.5, scale=10.0)
    >>> round(float(loss([0], cosines)), 4)
    0.043

    Reference:
        [Deng et al., 2019](https://arxiv.org/abs/1801.07698)
    """

    def __init__(self, margin=0.5, scale=30.0, **kwargs):
        super().__init__(margin, scale, math.pi / 2, **kwargs)

    def call(self, y_true, y_pred):
        return arc_face(y_true, y_pred, self.margin, self.scale)


def arc_face(identities, cosines, margin=0.5, scale=30.0):
    """ArcFace loss of every image.

    Args:
        identities: `(batch,)` integers from 0.
        cosines: `(batch, identities)`; computed in float32.
        margin: In radians.
        scale: Factor of the cosines.

    Returns:
        `(batch,)` losses.
    """

    def farther(own):
        # Away from 1, where a sine has no gradient.
        sine = ops.sqrt(ops.maximum(1.0 - ops.square(own), 1e-7))
        added = own * math.cos(margin) - sine * math.sin(margin)
        beyond = own - margin * math.sin(margin)
        return ops.where(own > -math.cos(margin), added, beyond)

    changed = with_own(identities, cosines, farther)
    return identity_cross_entropy(identities, scale * changed, 0.0)
