import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.checks import checked_choice
from keras_drop.registration import register

SEG_NORMS = ("image", "batch")
_POSITIVE, _NEGATIVE = 0.25, 0.75


@register
class FocalParsing(keras.losses.Loss):
    r"""Focal loss of one binary map a part: cells that are wrong weigh more.

    The cross-entropy of a cell is multiplied by the square of how far its
    probability is off, and by 0.25 where it shows the part, 0.75 where not.

    $$
    L = \sum_j \frac{1}{n^j} \sum_{\text{cells}} \eta \, \text{BCE}(t, r),
    \quad \eta = (0.25 t + 0.75 (1 - t)) \, ((1 - r) t + r (1 - t))^2
    $$

    for the label `t` and the probability `r` of a cell of part `j`, which
    `n^j` cells show: equations (6) to (9) of the paper. For a cell that shows
    a part with the probability `q` it is least at `r = 0.5` where `q` is 3/4,
    and at `r = 0.4` where `q` is 1/2.

    Args:
        seg_norm: What the sum over the cells is divided by, part by part.
            `"image"`, as in the paper: the number of cells that show the part
            in the image; an image without any takes the mean over the images
            of the batch that have some, or 1 if none has. `"batch"`, as in
            the released code: the number in all images together, at least 1.
            Both count the batches of all replicas.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch, height, width, parts)`, 1 where a cell shows the
            part, 0 elsewhere.
        y_pred: `(batch, height, width, parts)` logits, of which the sigmoid
            is the probability.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: An unknown `seg_norm`; labels and logits of another shape.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import FocalParsing
    >>> labels = ops.reshape([1.0, 1.0, 0.0, 0.0], (1, 2, 2, 1))
    >>> logits = ops.reshape([1.3863, 0.4055, -0.8473, -2.1972], (1, 2, 2, 1))
    >>> round(float(FocalParsing()(labels, logits)), 4)
    0.0238

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, seg_norm="image", **kwargs):
        super().__init__(**kwargs)
        self.seg_norm = checked_choice("seg_norm", seg_norm, SEG_NORMS)

    def call(self, y_true, y_pred):
        return focal_parsing(y_true, y_pred, self.seg_norm)

    def get_config(self):
        return {
            **super().get_config(),
            "seg_norm": self.seg_norm,
            "dtype": self.dtype,
        }


def focal_parsing(labels, part_logits, seg_norm="image"):
    """Parsing loss of every image, the sum over its parts.

    Args:
        labels: `(batch, height, width, parts)`, 0 or 1.
        part_logits: `(batch, height, width, parts)`; computed in float32.
        seg_norm: `"image"` or `"batch"`.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the loss.

    Raises:
        ValueError: Labels and logits of another shape.
    """
    labels = ops.cast(labels, "float32")
    logits = ops.cast(part_logits, "float32")
    sizes = zip(labels.shape[1:], logits.shape[1:])
    if any(None not in pair and pair[0] != pair[1] for pair in sizes):
        raise ValueError(
            f"The labels have the shape {tuple(labels.shape)}, the part logits "
            f"{tuple(logits.shape)}. Bring the labels to the grid of the "
            "logits with `keras_drop.ops.part_cells`."
        )
    sums = ops.sum(_cell_losses(labels, logits), axis=(1, 2))
    counts = ops.sum(labels, axis=(1, 2))
    all_counts = gather_replicas(counts)
    if seg_norm == "batch":
        means = ops.sum(all_counts, axis=0)
        # The mean over the images is taken later: of all replicas.
        divisors = ops.maximum(means, 1.0) / ops.cast(
            ops.shape(all_counts)[0], "float32"
        )
    else:
        having = ops.sum(ops.cast(all_counts > 0, "float32"), axis=0)
        means = ops.divide_no_nan(ops.sum(all_counts, axis=0), having)
        divisors = ops.where(
            counts > 0, counts, ops.where(having > 0, means, 1.0)
        )
    return ops.sum(sums / divisors, axis=1)


def _cell_losses(labels, logits):
    """`eta BCE` of the paper; from logits, so that it is always finite."""
    probabilities = ops.sigmoid(logits)
    entropies = labels * ops.softplus(-logits) + (1 - labels) * ops.softplus(
        logits
    )
    off = labels * (1 - probabilities) + (1 - labels) * probabilities
    weights = _POSITIVE * labels + _NEGATIVE * (1 - labels)
    return weights * ops.square(off) * entropies
