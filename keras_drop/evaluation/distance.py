import dataclasses
from typing import Literal, get_args

from keras_drop.checks import checked_choice

Metric = Literal["euclidean", "sqeuclidean", "cosine"]
Combine = Literal["visibility_mean", "visibility_max", "plain", "hpnet_release"]
VisibilityWeight = Literal["sqrt", "product"]
NoCommon = Literal["sentinel", "max_plus_1"]


@dataclasses.dataclass(frozen=True)
class Distance:
    """How far two images are apart, from the embeddings of their parts.

    All functions of evaluation take one. It is checked when it is made.

    Args:
        metric: Distance of two embeddings of unit length: `"euclidean"`,
            `"sqeuclidean"` or `"cosine"`.
        combine: How the parts become one distance: `"visibility_mean"` over
            the parts that both images show, `"visibility_max"` of them, or
            the `"plain"` mean of all. `"hpnet_release"` is the mean over the
            parts that the query shows, hidden in the gallery image or not,
            plus the mean over those that both show. It is not symmetric, a
            cosine distance only, and there for parity with HPNet's released
            code.
        visibility_weight: Weight of a part from two continuous visibilities:
            `"sqrt"` of their product, or the `"product"`; always the product
            in `"hpnet_release"`.
        no_common: Distance of images without a common part: the
            `"sentinel"` 10,000, or `"max_plus_1"`, the largest distance plus
            one. Both put such pairs last, so no metric depends on it; the
            second computes all distances once more to find the largest. In
            `"hpnet_release"` it takes the place of the second mean. After
            re-ranking every pair can be compared, and it has no say.

    Raises:
        ValueError: An unknown choice, or `"hpnet_release"` with another
            metric than `"cosine"`, or with `"max_plus_1"`.

    Example:
    >>> from keras_drop.evaluation import Distance
    >>> cosine = Distance("cosine")
    >>> cosine.metric, cosine.combine
    ('cosine', 'visibility_mean')
    """

    metric: Metric = "euclidean"
    combine: Combine = "visibility_mean"
    visibility_weight: VisibilityWeight = "sqrt"
    no_common: NoCommon = "sentinel"

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            checked_choice(field.name, value, get_args(field.type))
        if self.combine == "hpnet_release" and (
            self.metric != "cosine" or self.no_common == "max_plus_1"
        ):
            raise ValueError(
                '`combine="hpnet_release"` is a sum of cosine distances, with '
                "10,000 for the second one where no part is common. Give "
                '`metric="cosine"` and `no_common="sentinel"` with it; they '
                f"are {self.metric!r} and {self.no_common!r}."
            )


def check_distance(distance):
    """Refuses what is no `Distance`, such as the name of a metric."""
    if not isinstance(distance, Distance):
        raise ValueError(
            '`distance` is a `Distance`, as `Distance(metric="cosine")`; it '
            f"is {distance!r}."
        )
