import keras
import numpy as np
from keras import ops

from keras_drop.registration import register


@register
class MaskedMaxPooling(keras.layers.Layer):
    r"""Maximum of a feature map over the cells that show a part.

    A cell shows a part if its probability is above the threshold, strictly. A
    part without such a cell is not visible and pools to zeros. The mask is
    hard: no gradient reaches the probabilities, nor the features of a part
    that is not visible. Both results are float32 under mixed precision, for
    they are what is compared.

    $$
    h = \max_{\text{cells}} F \, M, \quad M = 1 \; \text{where} \; G > 0.5,
    \quad v = \max_{\text{cells}} M
    $$

    for the map `F`, the probabilities `G` of a part and their threshold.

    Args:
        threshold: Probability above which a cell shows the part.
        visible_from: Probability above which some cell has to be, for the part
            to be visible; left out, `threshold`. Below that, the cells above
            it show the part.

    Call arguments:
        features: `(batch, height, width, channels)`.
        probabilities: `(batch, height, width, parts)`, values in `[0, 1]`.

    Returns:
        A pair: pooled features `(batch, parts, channels)`, and visibility
        `(batch, parts)`, 0 or 1.

    Raises:
        ValueError: A threshold or `visible_from` outside `(0, 1)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import MaskedMaxPooling
    >>> features = ops.reshape([5.0, 1.0, 3.0], (1, 1, 3, 1))
    >>> probabilities = ops.reshape([0.5, 0.9, 0.6], (1, 1, 3, 1))
    >>> pooled, visibility = MaskedMaxPooling()(features, probabilities)
    >>> float(pooled[0, 0, 0]), float(visibility[0, 0])
    (3.0, 1.0)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, threshold=0.5, visible_from=None, **kwargs):
        # Probabilities stay float32 under mixed precision until they are
        # compared.
        super().__init__(autocast=False, **kwargs)
        if not 0 < threshold < 1:
            raise ValueError(
                f"`threshold` is {threshold}; it has to be between 0 and 1, "
                "such as 0.5."
            )
        if visible_from is not None and not 0 < visible_from < 1:
            raise ValueError(
                f"`visible_from` is {visible_from}; it has to be between 0 and "
                "1, such as 0.5, or left out."
            )
        self.threshold = threshold
        self.visible_from = visible_from

    def call(self, features, probabilities):
        height, width, channels = features.shape[1:]
        features = ops.cast(features, self.compute_dtype)
        features = ops.reshape(features, (-1, height * width, channels))
        least = self.visible_from or self.threshold
        probabilities = ops.reshape(
            probabilities, (-1, height * width, probabilities.shape[-1])
        )
        visible = ops.any(probabilities > least, axis=1)
        masks = probabilities > min(self.threshold, least)
        # One part at a time: together they would need `parts` copies of the
        # features at once.
        pooled = ops.stack(
            [
                ops.max(ops.where(masks[:, :, k, None], features, -np.inf), 1)
                for k in range(masks.shape[-1])
            ],
            axis=1,
        )
        pooled = ops.where(visible[..., None], pooled, 0.0)
        return tuple(
            ops.cast(x, self.variable_dtype) for x in (pooled, visible)
        )

    def get_config(self):
        return {
            **super().get_config(),
            "threshold": self.threshold,
            "visible_from": self.visible_from,
        }
