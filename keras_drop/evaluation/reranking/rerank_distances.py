import numpy as np
from numpy.typing import ArrayLike

from keras_drop.evaluation.distances.given_distances import GivenDistances
from keras_drop.evaluation.reranking.k_reciprocal_encoding import (
    k_reciprocal_encoding,
)
from keras_drop.evaluation.reranking.rerank import Preset, rerank_settings
from keras_drop.evaluation.reranking.reranked_distances import RerankedDistances


def rerank_distances(
    query_gallery: ArrayLike,
    query_query: ArrayLike,
    gallery_gallery: ArrayLike,
    *,
    preset: Preset = "zhong2017",
    k1: int | None = None,
    k2: int | None = None,
    lambda_value: float | None = None,
) -> RerankedDistances:
    """`rerank` of distances that are there already.

    Args:
        query_gallery: `(num_query, num_gallery)` finite floats from 0.
        query_query: `(num_query, num_query)`, likewise.
        gallery_gallery: `(num_gallery, num_gallery)`, likewise.
        preset: As in `rerank`, like all that follow.
        k1: Number of neighbours that are looked at.
        k2: Number of neighbours over which an image's view is averaged.
        lambda_value: Share of the distance in the result.

    Returns:
        `RerankedDistances`, whose `matrix()` is what `evaluate_distances`
        takes.

    Raises:
        ValueError: Shapes that do not fit each other, distances that are
            negative or not finite, an unknown preset, a number out of its
            range, or too few images.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import rerank_distances
    >>> points = np.array([0.0, 0.1, 2.0, 2.3])
    >>> all_pairs = np.abs(points[:, None] - points)
    >>> distances = rerank_distances(all_pairs[:1, 1:], all_pairs[:1, :1],
    ...     all_pairs[1:, 1:], k1=1, k2=1)
    >>> distances.matrix().round(3)
    array([[0.002, 0.927, 1.   ]], dtype=float32)

    Reference:
        [Zhong et al., 2017](https://arxiv.org/abs/1701.08398)
    """
    between, queries, images = map(
        _floats, (query_gallery, query_query, gallery_gallery)
    )
    if between.ndim != 2 or 0 in between.shape:
        raise ValueError(
            "`query_gallery` has the shape (num_query, num_gallery), without "
            f"a 0; it is {between.shape}."
        )
    num_query, num_gallery = between.shape
    _check("query_gallery", between, between.shape)
    _check("query_query", queries, (num_query, num_query))
    _check("gallery_gallery", images, (num_gallery, num_gallery))
    num_images = num_query + num_gallery
    settings = rerank_settings(num_images, preset, k1, k2, lambda_value)
    rows = np.arange(num_images)
    encodings, largest = k_reciprocal_encoding(
        GivenDistances(
            np.block([[queries, between], [between.T, images]]), rows, rows
        ),
        settings.k1,
        settings.k2,
        settings.power,
    )
    return RerankedDistances(
        GivenDistances(between, rows[:num_query], rows[:num_gallery]),
        encodings[:num_query],
        encodings[num_query:],
        largest[:num_query],
        settings.power,
        settings.lambda_value,
    )


def _floats(values):
    values = np.asarray(values)
    if values.dtype in ("float32", "float64"):
        return values
    return values.astype("float64")


def _check(name, values, shape):
    if values.shape != shape:
        raise ValueError(
            f"{shape[0]} rows of `{name}` need the shape {shape}, as "
            f"`query_gallery` has it; it is {values.shape}."
        )
    wrong = ~(np.isfinite(values) & (values >= 0)).all(axis=1)
    if wrong.any():
        raise ValueError(
            f"Row {int(np.argmax(wrong))} of `{name}` has a distance that is "
            "negative or not finite. Give pairs that cannot be compared the "
            "largest distance of the metric."
        )
