"""An image as one vector, whose inner products hold its distances.

With `z = concat(v_k e_k)` of unit embeddings, the inner product of two images
is the sum of the cosines of the `n` parts that both show: their mean distance
is `1 - z_q z_g / n`, and `n` follows from the two patterns of visible parts.
"""

import numpy as np

from keras_drop.evaluation.distances.part_factors import part_weights
from keras_drop.gallery.storing.described import shown


def concatenated(embeddings, scales, visibility, distance):
    """Vectors and patterns of some images.

    Args:
        embeddings: `(n, parts, dim)`.
        scales: `(n, parts)`, what makes unit vectors of them.
        visibility: `(n, parts)`.
        distance: `Distance`.

    Returns:
        Tuple of `(n, parts * dim)` float32 vectors and `(n,)` patterns, of
        which bit `k` says whether part `k` is seen.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import Distance
    >>> from keras_drop.gallery.engines.concatenated import concatenated
    >>> z, pattern = concatenated(
    ...     np.array([[[3.0, 0.0], [0.0, 2.0]]]), np.array([[1 / 3, 1 / 2]]),
    ...     np.array([[0.0, 1.0]]), Distance("cosine"))
    >>> z.tolist(), pattern.tolist()
    ([[0.0, 0.0, 0.0, 1.0]], [2])
    """
    weights = part_weights(shown(visibility), distance)
    vectors = (weights * scales)[..., None] * embeddings
    return vectors.reshape(len(vectors), -1).astype("float32"), patterns_of(
        visibility, distance
    )


def patterns_of(visibility, distance):
    """`(n,)` integers, of which bit `k` says whether part `k` is seen."""
    seen = part_weights(shown(visibility), distance) > 0
    return seen @ (1 << np.arange(seen.shape[1]))


def by_common_parts(pattern, patterns):
    """Dictionary from a number of common parts to the patterns that have it.

    Example:
    >>> from keras_drop.gallery.engines.concatenated import by_common_parts
    >>> by_common_parts(0b110, [0b001, 0b010, 0b100, 0b111])
    {0: [1], 1: [2, 4], 2: [7]}
    """
    groups = {}
    for other in sorted(patterns):
        groups.setdefault((pattern & other).bit_count(), []).append(other)
    return groups


def estimate(products, common, metric):
    """Distances of inner products, as if the common parts were equally far.

    Exact for cosines and squares where visibility is yes or no; of the mean
    of Euclidean distances this is an upper bound.
    """
    values = 1 - np.asarray(products, "float64") / common
    if metric == "cosine":
        return values
    values = np.maximum(2 * values, 0)
    return values if metric == "sqeuclidean" else np.sqrt(values)
