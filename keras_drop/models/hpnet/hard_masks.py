import numbers

from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.models.inputs.label_checks import refuse_other_parts
from keras_drop.ops import LABEL_REDUCTIONS, part_cells
from keras_drop.registration import value


@value
class HardMasks:
    """How HPNet's parsing says which cells of a map show a part.

    Args:
        threshold: Probability above which a cell shows a part. By the weights
            of `FocalParsing` 0.5 is reached where the part is there three
            times of four, 0.4 where it is every other time.
        masked_normalization: Whether the batch normalisation of a part's
            embeddings counts only images that show the part.
        label_reduction: How labels, a quarter of the image's size, come to
            the grid of the maps: `"nearest"`, or `"area_max"`, which keeps
            thin parts; then make the batches with it, too.
        visible_from: Probability of each part above which some cell has to
            be, for the part to be visible, as
            `evaluation.fit_visibility_threshold` finds them; left out,
            `threshold`.

    Raises:
        ValueError: A threshold that is no probability, one number for all
            parts, or an unknown reduction.

    Example:
    >>> from keras_drop.models import HardMasks, HPNet, resnet18
    >>> model = HPNet(resnet18((64, 32)), 3, masks=HardMasks(threshold=0.3))
    >>> model.get_layer("head_pooling").threshold
    0.3

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    threshold: float = 0.5
    masked_normalization: bool = False
    label_reduction: str = "nearest"
    visible_from: tuple[float, ...] | None = None

    def __post_init__(self):
        checked_choice(
            "label_reduction", self.label_reduction, LABEL_REDUCTIONS
        )
        if isinstance(self.visible_from, list):  # As files have a tuple.
            object.__setattr__(self, "visible_from", tuple(self.visible_from))
        _refuse_no_probability("threshold", self.threshold)
        if self.visible_from is None:
            return
        if not isinstance(self.visible_from, tuple):
            raise ValueError(
                f"`visible_from` is {self.visible_from!r}. Give one number "
                "for each part, as (0.5, 0.4, 0.4, 0.5) does, or leave it out."
            )
        for probability in self.visible_from:
            _refuse_no_probability("visible_from", probability)

    def of_parts(self, num_parts):
        """What makes each part visible, `None` where `threshold` does.

        Raises:
            ValueError: `visible_from` of another number of parts.
        """
        if self.visible_from is None:
            return (None,) * num_parts
        if len(self.visible_from) != num_parts:
            raise ValueError(
                f"`visible_from` has {len(self.visible_from)} numbers, the "
                f"model has {num_parts} parts. Give one for each."
            )
        return self.visible_from


def _refuse_no_probability(name, given):
    is_number = isinstance(given, numbers.Real) and type(given) is not bool
    if not is_number or not 0 < given < 1:
        raise ValueError(
            f"`{name}` is {given!r}; a threshold for probabilities lies "
            "between 0 and 1, as 0.5 does."
        )


def mask_term(model, name, targets, part_logits):
    """Parsing loss of every image, 0 for one without a label.

    Args:
        model: `HPNet`.
        name: Of the term, whose loss compares labels and logits of one grid,
            one binary map a part.
        targets: With `parsing`, background first, and `parsing_weight`.
        part_logits: `(batch, height, width, parts)`.

    Returns:
        `(batch,)` losses.

    Raises:
        ValueError: Labels of another number of parts than the model's.
    """
    refuse_other_parts(targets["parsing"], part_logits.shape[-1])
    cells = part_cells(
        targets["parsing"],
        part_logits.shape[1:3],
        model.masks.label_reduction,
    )
    weight = ops.cast(targets["parsing_weight"], "float32")
    # Without its label an image has no cell that shows a part.
    cells = weight[:, None, None, None] * cells
    return weight * model.term(name, cells, part_logits)
