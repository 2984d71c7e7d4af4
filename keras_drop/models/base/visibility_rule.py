from keras_drop.checks import checked_choice
from keras_drop.ops.parsing import VISIBILITY_RULES
from keras_drop.registration import value


@value
class VisibilityRule:
    """When a part of an image counts as seen.

    Args:
        rule: `"argmax"`: somewhere the part is the likeliest class;
            `"threshold"`: its probability reaches `threshold` somewhere;
            `"continuous"`: its highest probability, a number; `"margin"`:
            somewhere its probability is by `threshold` above that of the
            likeliest other class, with 0 the same as `"argmax"`.
        threshold: Of the rules `"threshold"`, between 0 and 1, and
            `"margin"`, between -1 and 1: one number, or a tuple of one for
            each part, as `evaluation.fit_visibility_threshold` finds them.
        in_training: Whether distances of the part triplet loss count what
            both images show alone.

    Raises:
        ValueError: An unknown rule, or a threshold outside its range.

    Example:
    >>> from keras_drop.models import BPBReID, VisibilityRule, resnet18
    >>> model = BPBReID(
    ...     resnet18((64, 32)), 3, visibility=VisibilityRule("threshold", 0.3)
    ... )
    >>> model.visibility.threshold
    0.3

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    rule: str = "argmax"
    threshold: float | tuple[float, ...] = 0.4
    in_training: bool = False

    def __post_init__(self):
        checked_choice("rule", self.rule, VISIBILITY_RULES)
        if isinstance(self.threshold, list):  # As files have a tuple.
            object.__setattr__(self, "threshold", tuple(self.threshold))
        each = self.threshold
        each = each if isinstance(each, tuple) else (each,)
        lowest = 0 if self.rule == "threshold" else -1
        if not all(lowest < threshold < 1 for threshold in each):
            raise ValueError(
                f"`threshold` is {self.threshold}; one of the rule "
                f"{self.rule!r} lies between {lowest} and 1, as 0.4 does."
            )

    def refuse_other_parts(self, num_parts):
        """Refuses thresholds of another number of parts.

        Raises:
            ValueError: Names both numbers.
        """
        each = self.threshold
        if isinstance(each, tuple) and len(each) != num_parts:
            raise ValueError(
                f"`threshold` has {len(each)} numbers, the model has "
                f"{num_parts} parts. Give one number, or one for each part."
            )

    @property
    def pair_rule(self):
        """How the visibilities of two images make that of the pair."""
        return "sqrt" if self.rule == "continuous" else "product"
