"""One distance of two images from the distances of their parts."""

import numpy as np

from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY

# Distances at a time, half a megabyte: what is read again is in the cache.
_IN_CACHE = 1 << 17


def mean_of_parts(products, weight, root, no_common_distance, out):
    """Weighted mean; each product is a distance times its weight.

    Args:
        products: Iterable of float32 arrays of the shape of `out`; under a
            `root` the squares of what is to be averaged.
        weight: Sum of the weights, of the same shape, or `None` where all of
            them are 1.
        root: Whether the square root of every product is taken.
        no_common_distance: Where the weight is 0. `None` promises that it is
            nowhere.
        out: Float32 array that is filled.
    """
    num_parts, scratch = 0, np.empty((_rows(out), *out.shape[1:]), "float32")
    # NumPy's maximum with a row is twice as fast as that with a number.
    zeros = np.zeros(out.shape[1:], "float32")
    faintest = np.full_like(zeros, FAINTEST_VISIBILITY**2)
    for product in products:
        for part, total in _slabs(product, out):
            target = scratch[: len(total)] if num_parts else total
            if root:
                np.maximum(part, zeros, out=target)
                np.sqrt(target, out=target)
                part = target
            if num_parts:
                np.add(total, part, out=total)
            elif part is not total:
                total[...] = part
        num_parts += 1
    if weight is None:
        if num_parts > 1:
            out /= np.float32(num_parts)
    elif no_common_distance is None:
        for weights, total in _slabs(weight, out):
            total /= np.maximum(weights, faintest)
    else:
        for weights, total in _slabs(weight, out):
            comparable = weights > 0
            total /= np.where(comparable, weights, 1.0)
            total[~comparable] = no_common_distance


def largest_of_parts(products, weight, root, no_common_distance, out):
    """As `mean_of_parts`, the largest distance of all; weights are 0 or 1."""
    # Of a part that one of two images hides the product is 0.
    out[:] = 0.0
    for product in products:
        for part, total in _slabs(product, out):
            np.maximum(total, part, out=total)
    if root:
        np.sqrt(out, out=out)
    if weight is not None and no_common_distance is not None:
        out[weight <= 0] = no_common_distance


def release_of_parts(
    products, own_weight, weight, others, no_common_distance, out
):
    """HPNet's released distance: the sum of two means of cosine distances.

    Args:
        products: Iterable of float32 arrays of the shape of `out`: the
            distances of a part, times the query's visibility.
        own_weight: Sum of the query's visibilities, of a shape that
            broadcasts: the first mean is over what the query shows.
        weight: Sum of the products of both visibilities: the second mean is
            over what both show.
        others: For each part the visibility in the gallery images, of a shape
            that broadcasts.
        no_common_distance: The second mean where the weight is 0, or `None`.
        out: Float32 array that is filled.
    """
    out[:] = 0.0
    common = np.zeros_like(out)
    for product, seen in zip(products, others):
        out += product
        common += product * seen
    out /= np.where(own_weight > 0, own_weight, 1.0)
    comparable = weight > 0
    common /= np.where(comparable, weight, 1.0)
    if no_common_distance is not None:
        common[~comparable] = no_common_distance
    out += common


def _slabs(array, out):
    """Some rows of both at a time."""
    rows = _rows(out)
    for start in range(0, len(out), rows):
        yield array[start : start + rows], out[start : start + rows]


def _rows(out):
    return max(_IN_CACHE * len(out) // out.size, 1)
