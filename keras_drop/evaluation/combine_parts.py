"""One distance of two images from the distances of their parts."""

import numpy as np

from keras_drop.evaluation.part_factors import FAINTEST_VISIBILITY


def mean_of_parts(products, weight, root, no_common_distance):
    """Weighted mean; each product is a distance times its weight.

    Args:
        products: Iterable of float32 arrays of one shape, which are changed;
            under a `root` the squares of what is to be averaged.
        weight: Sum of the weights, of the same shape, or `None` where all of
            them are 1.
        root: Whether the square root of every product is taken.
        no_common_distance: Where the weight is 0. `None` promises that it is
            nowhere.
    """
    total, num_parts = None, 0
    for part in products:
        num_parts += 1
        if root:
            np.maximum(part, 0.0, out=part)
            np.sqrt(part, out=part)
        total = part if total is None else np.add(total, part, out=total)
    if weight is None:
        return total if num_parts == 1 else total / np.float32(num_parts)
    if no_common_distance is None:
        np.maximum(weight, FAINTEST_VISIBILITY**2, out=weight)
        return np.divide(total, weight, out=total)
    comparable = weight > 0
    total /= np.where(comparable, weight, 1.0)
    return np.where(comparable, total, no_common_distance)


def largest_of_parts(products, weight, root, no_common_distance):
    """As `mean_of_parts`, the largest distance of all; weights are 0 or 1."""
    total = None
    for part in products:
        np.maximum(part, 0.0, out=part)
        total = part if total is None else np.maximum(total, part, out=total)
    if root:
        np.sqrt(total, out=total)
    if weight is None or no_common_distance is None:
        return total
    return np.where(weight > 0, total, no_common_distance)


def release_of_parts(products, own_weight, weight, others, no_common_distance):
    """HPNet's released distance: the sum of two means of cosine distances.

    Args:
        products: Iterable of float32 arrays of one shape, which are changed:
            the distances of a part, times the query's visibility.
        own_weight: Sum of the query's visibilities, of the same shape: the
            first mean is over what the query shows.
        weight: Sum of the products of both visibilities: the second mean is
            over what both show.
        others: For each part the visibility in the gallery images, of a shape
            that broadcasts.
        no_common_distance: The second mean where the weight is 0, or `None`.
    """
    first = common = None
    for part, seen in zip(products, others):
        first = part.copy() if first is None else np.add(first, part, out=first)
        part *= seen
        common = part if common is None else np.add(common, part, out=common)
    first /= np.where(own_weight > 0, own_weight, 1.0)
    comparable = weight > 0
    common /= np.where(comparable, weight, 1.0)
    if no_common_distance is None:
        return np.add(first, common, out=first)
    return first + np.where(comparable, common, no_common_distance)

def check_release(metric, no_common):
    """Refuses what HPNet's released distance has no form of."""
    if metric != "cosine" or no_common == "max_plus_1":
        raise ValueError(
            '`combine="hpnet_release"` is a sum of cosine distances, with '
            "10,000 for the second one where no part is common. Give "
            '`metric="cosine"` and `no_common="sentinel"` with it; they are '
            f"{metric!r} and {no_common!r}."
        )
