from keras_drop.checks import checked_choice
from keras_drop.ops.parsing import VISIBILITY_RULES
from keras_drop.registration import value


@value
class VisibilityRule:
    """When a part of an image counts as seen.

    Args:
        rule: `"argmax"`: somewhere the part is the likeliest class;
            `"threshold"`: its probability reaches `threshold` somewhere;
            `"continuous"`: its highest probability, a number.
        threshold: Of the rule `"threshold"`, between 0 and 1.
        in_training: Whether distances of the part triplet loss count what
            both images show alone.

    Raises:
        ValueError: An unknown rule, or a threshold that is no probability.

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
    threshold: float = 0.4
    in_training: bool = False

    def __post_init__(self):
        checked_choice("rule", self.rule, VISIBILITY_RULES)
        if not 0 < self.threshold < 1:
            raise ValueError(
                f"`threshold` is {self.threshold}; a threshold for "
                "probabilities lies between 0 and 1, as 0.4 does."
            )

    @property
    def pair_rule(self):
        """How the visibilities of two images make that of the pair."""
        return "sqrt" if self.rule == "continuous" else "product"
