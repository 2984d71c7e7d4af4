import math

import keras
from keras import ops

from keras_drop.checks import checked_share
from keras_drop.ops import nan_of_strangers
from keras_drop.registration import register


@register
class SpatiallySmoothedParsing(keras.losses.Loss):
    r"""Cross-entropy of part logits against labels blurred over space.

    The one-hot label map is blurred by 3 x 3 cells, because a label is least
    certain at the border of a part, and then smoothed over the parts.

    $$
    t = (1 - \epsilon) \frac{G * O}{\sum_c (G * O)_c} + \frac{\epsilon}{K + 1},
    \quad L = - \frac{1}{hw} \sum_{\text{cells}} \sum_{c=0}^{K}
    t_c \log A_c
    $$

    where `O` are the one-hot labels, `G` is the Gaussian of 3 x 3 cells and
    `A` the probability of background and `K` parts in each of `h w` cells.

    Args:
        spatial_smoothing: Whether labels are blurred. Without, it is the
            plain cross-entropy with label smoothing.
        blur_sigma: Standard deviation of the blur in cells. Up to 0.5 the
            largest share stays at the labelled part in every cell.
        label_smoothing: Share of the label spread evenly over background and
            parts.
        total_variation_weight: Adds that many times the mean absolute
            difference of the part probabilities between neighbouring cells.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch, height, width)` integers, 0 for the background.
        y_pred: `(batch, height, width, 1 + parts)` logits.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A `blur_sigma` or a `total_variation_weight` that makes no
            sense, a smoothing outside `[0, 1)`; in the call labels and logits
            on different grids.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import SpatiallySmoothedParsing
    >>> labels, logits = ops.zeros((1, 2, 2)), ops.zeros((1, 2, 2, 9))
    >>> round(float(SpatiallySmoothedParsing()(labels, logits)), 5)
    2.19722

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032); without
        smoothing over space [Somers et al.,
        2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(
        self,
        spatial_smoothing=True,
        blur_sigma=0.5,
        label_smoothing=0.1,
        total_variation_weight=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not blur_sigma > 0:
            raise ValueError(
                f"`blur_sigma` is {blur_sigma}; it has to be positive. To "
                "blur nothing set `spatial_smoothing=False`."
            )
        if total_variation_weight < 0:
            raise ValueError(
                f"`total_variation_weight` is {total_variation_weight}; it "
                "has to be 0 or more."
            )
        self.spatial_smoothing = spatial_smoothing
        self.blur_sigma = blur_sigma
        self.label_smoothing = checked_share("label_smoothing", label_smoothing)
        self.total_variation_weight = total_variation_weight

    def call(self, y_true, y_pred):
        return spatially_smoothed_parsing(
            y_true,
            y_pred,
            self.spatial_smoothing,
            self.blur_sigma,
            self.label_smoothing,
            self.total_variation_weight,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "spatial_smoothing": self.spatial_smoothing,
            "blur_sigma": self.blur_sigma,
            "label_smoothing": self.label_smoothing,
            "total_variation_weight": self.total_variation_weight,
            "dtype": self.dtype,
        }


def spatially_smoothed_parsing(
    labels,
    part_logits,
    spatial_smoothing=True,
    blur_sigma=0.5,
    label_smoothing=0.1,
    total_variation_weight=0.0,
):
    """Parsing loss of every image, the mean over its cells.

    Args:
        labels: `(batch, height, width)` integers, 0 for the background.
        part_logits: `(batch, height, width, 1 + parts)`; computed in float32.
        spatial_smoothing: Whether labels are blurred.
        blur_sigma: Standard deviation of the blur in cells.
        label_smoothing: Share of the label spread over all classes.
        total_variation_weight: Weight of the total variation.

    Returns:
        `(batch,)` losses; not a number for an image with a label that is no
        class, such as 255.

    Raises:
        ValueError: Labels and logits on different grids.
    """
    logits = ops.cast(part_logits, "float32")
    labels = ops.cast(labels, "int32")
    for found, expected in zip(labels.shape[1:], logits.shape[1:3]):
        if found is not None and expected is not None and found != expected:
            raise ValueError(
                f"The labels have the shape {tuple(labels.shape)}, the part "
                f"logits {tuple(logits.shape)}. Bring the labels to the grid "
                "of the logits with `keras_drop.ops.parsing_targets`."
            )
    classes = logits.shape[-1]
    target = ops.one_hot(
        ops.clip(labels, 0, classes - 1), classes, dtype="float32"
    )
    if spatial_smoothing:
        target = blurred_labels(target, blur_sigma)
    target = (1 - label_smoothing) * target + label_smoothing / classes
    log_probabilities = ops.log_softmax(logits, axis=-1)
    cell_losses = -ops.sum(target * log_probabilities, axis=-1)
    cell_losses = nan_of_strangers(cell_losses, labels, classes)
    losses = ops.mean(cell_losses, axis=(1, 2))
    if total_variation_weight:
        probabilities = ops.exp(log_probabilities)
        losses += total_variation_weight * _total_variation(probabilities)
    return losses


def blurred_labels(one_hot, sigma):
    """Blurs every class of a label map by 3 x 3 cells of a Gaussian.

    Beyond the border there is nothing, and every cell is divided by its sum.

    Args:
        one_hot: `(batch, height, width, classes)` floats, sums of 1.
        sigma: Standard deviation in cells.

    Returns:
        The same shape, sums of 1.
    """
    one_hot = ops.convert_to_tensor(one_hot)
    neighbour = math.exp(-0.5 / sigma**2)
    for axis in (1, 2):
        padding = [(0, 0)] * 4
        padding[axis] = (1, 1)
        padded = ops.pad(one_hot, padding)
        if axis == 1:
            before, after = padded[:, :-2], padded[:, 2:]
        else:
            before, after = padded[:, :, :-2], padded[:, :, 2:]
        one_hot = one_hot + neighbour * (before + after)
    return one_hot / ops.sum(one_hot, axis=-1, keepdims=True)


def _total_variation(probabilities):
    """`(batch,)` means over all cells; beyond the border nothing differs."""
    down = ops.abs(probabilities[:, 1:] - probabilities[:, :-1])
    right = ops.abs(probabilities[:, :, 1:] - probabilities[:, :, :-1])
    down = ops.pad(down, [(0, 0), (0, 1), (0, 0), (0, 0)])
    right = ops.pad(right, [(0, 0), (0, 0), (0, 1), (0, 0)])
    return ops.mean(down + right, axis=(1, 2, 3))
