import dataclasses
from typing import Literal

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import check_descriptors
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.distances.part_distances import (
    LARGEST_DISTANCE,
    PartDistances,
)
from keras_drop.evaluation.reranking.k_reciprocal_encoding import (
    k_reciprocal_encoding,
)
from keras_drop.evaluation.reranking.reranked_distances import RerankedDistances


@dataclasses.dataclass(frozen=True)
class _Settings:
    power: int
    k1: int
    k2: int
    lambda_value: float


Preset = Literal["zhong2017", "torchreid", "transreid"]
Rerank = Literal["off", Preset]
PRESETS = {
    "zhong2017": _Settings(2, 20, 6, 0.3),
    "torchreid": _Settings(4, 20, 6, 0.3),
    "transreid": _Settings(2, 50, 15, 0.3),
}


def rerank(
    query: Descriptors,
    gallery: Descriptors,
    *,
    preset: Preset = "zhong2017",
    k1: int | None = None,
    k2: int | None = None,
    lambda_value: float | None = None,
    distance: Distance = Distance(),
) -> RerankedDistances:
    """Distances after k-reciprocal re-ranking, exact and sparse.

    Queries and gallery images are looked at together: who is among whose
    nearest says more than the distance alone. All of them take part, so leave
    out of the gallery what is not to be ranked; identities play no role. An
    image without a part in common with another is at the largest distance of
    the metric from it. Of equally near images the one that comes first is
    nearer, queries before the gallery, and each image is its own nearest.

    Numbers of different presets cannot be compared with each other.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        preset: `"zhong2017"`, the paper: squared distances, `k1` 20, `k2` 6,
            `lambda_value` 0.3. `"torchreid"` squares them twice;
            `"transreid"` has a `k1` of 50 and a `k2` of 15.
        k1: Number of neighbours that are looked at. Left out, the preset's,
            like the next two.
        k2: Number of neighbours over which an image's view is averaged; 1
            averages nothing.
        lambda_value: Share of the distance in the result; the rest is how
            little the neighbours overlap.
        distance: `Distance`; its `no_common` has no say.

    Returns:
        `RerankedDistances`: `block(rows, columns)` gives some of them,
        `matrix()` all, `(num_query, num_gallery)` float32.

    Raises:
        ValueError: Descriptors that do not fit each other, an unknown option,
            a number out of its range, or too few images for `k1` or `k2`.

    Example:
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import rerank
    >>> query, gallery = Descriptors([[1.0, 0.0]]), Descriptors(
    ...     [[1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    >>> distances = rerank(query, gallery, k1=1, k2=1).matrix()
    >>> distances.round(3)
    array([[0.005, 1.   , 0.97 ]], dtype=float32)

    Reference:
        [Zhong et al., 2017](https://arxiv.org/abs/1701.08398)
    """
    check_descriptors(query, gallery)
    return rerank_rows(
        query,
        gallery,
        np.arange(len(query)),
        np.arange(len(gallery)),
        rerank_settings(
            len(query) + len(gallery), preset, k1, k2, lambda_value
        ),
        distance,
    )


def rerank_rows(query, gallery, query_rows, gallery_rows, settings, distance):
    """`RerankedDistances` of chosen rows, in any order.

    All queries take part, and those gallery images that are among the rows,
    in their order in the gallery.
    """
    taking_part = np.sort(gallery_rows)
    everyone = Descriptors(
        np.concatenate([query.embeddings, gallery.embeddings[taking_part]]),
        np.concatenate([query.visibility, gallery.visibility[taking_part]]),
        query.names,
    )
    rows = np.arange(len(everyone))
    farthest = LARGEST_DISTANCE[distance.metric]
    # Without a name of its own, it is gone before the next is made.
    encodings, largest = k_reciprocal_encoding(
        PartDistances(
            everyone,
            everyone,
            rows,
            rows,
            distance,
            no_common_distance=farthest,
            keep_all=True,
        ),
        settings.k1,
        settings.k2,
        settings.power,
    )
    del everyone
    places = len(query) + np.searchsorted(taking_part, gallery_rows)
    return RerankedDistances(
        PartDistances(
            query,
            gallery,
            query_rows,
            gallery_rows,
            distance,
            no_common_distance=farthest,
        ),
        encodings[query_rows],
        encodings[places],
        largest[query_rows],
        settings.power,
        settings.lambda_value,
    )


def rerank_settings(num_images, preset, k1=None, k2=None, lambda_value=None):
    """The preset with what is given in its place, checked."""
    checked_choice("preset", preset, PRESETS)
    settings = PRESETS[preset]
    settings = _Settings(
        settings.power,
        settings.k1 if k1 is None else k1,
        settings.k2 if k2 is None else k2,
        settings.lambda_value if lambda_value is None else lambda_value,
    )
    for name, most in (("k1", num_images - 1), ("k2", num_images)):
        value = getattr(settings, name)
        whole = isinstance(value, int | np.integer)
        if not whole or not 1 <= value <= most:
            raise ValueError(
                f"`{name}` is a whole number from 1 to {most} where query and "
                f"gallery are N = {num_images} images together; it is "
                f"{value!r}. Give `{name}` to `rerank`, or more images."
            )
    if not 0 <= settings.lambda_value <= 1:
        raise ValueError(
            f"`lambda_value` is a number in [0, 1]; it is "
            f"{settings.lambda_value!r}."
        )
    return settings
