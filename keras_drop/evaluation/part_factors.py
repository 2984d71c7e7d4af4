"""Embeddings as factors, whose matrix product is a weighted distance."""

import numpy as np

# Weights enter squared: below this they would leave the range of float32.
FAINTEST_VISIBILITY = 1e-6


def part_weights(visibility, combine, visibility_weight):
    """`(images, parts)`: the weight of a pair is the product of two."""
    if combine == "plain":
        return np.ones(visibility.shape, "float32")
    weights = visibility.astype("float32")
    weights[weights < FAINTEST_VISIBILITY] = 0.0
    if combine == "visibility_max":
        return (weights > 0).astype("float32")
    if visibility_weight == "product" or combine == "hpnet_release":
        return weights
    return np.sqrt(weights)


def equal_rows(descriptors, rows):
    """Places of the first of all equal images, and which of them each is.

    Returns:
        Tuple of the places of those images that others equal, and for each
        image the number of the one that it is or equals, `-1` if it stands
        alone.
    """
    number_of, first, row_of = {}, [], np.empty(len(rows), "int64")
    for place, row in enumerate(rows):
        image = descriptors.embeddings[row], descriptors.visibility[row]
        key = hash(tuple(array.tobytes() for array in image))
        number = number_of.setdefault(key, len(first))
        if number == len(first):
            first.append(place)
        elif not np.array_equal(
            descriptors.embeddings[rows[first[number]]], image[0]
        ):
            # Two images with one hash: this one keeps a row of its own.
            number = len(first)
            first.append(place)
        row_of[place] = number
    shared = np.bincount(row_of, minlength=len(first)) > 1
    numbers = np.where(shared, np.cumsum(shared) - 1, -1)
    return np.array(first, "int64")[shared], numbers[row_of]


def part_factors(descriptors, rows, weights, scale, constant, tile):
    """`(parts, images, dim + 1)`: unit embeddings and a constant, weighted."""
    count, num_parts = weights.shape
    dim = descriptors.embeddings.shape[2]
    padded = count + -count % tile
    factors = np.zeros((num_parts, padded, dim + 1), "float32")
    for k in range(num_parts):
        embeddings = descriptors.embeddings[:, k]
        norms = np.sqrt(
            np.einsum("nd,nd->n", embeddings, embeddings, dtype="float64")
        )[rows]
        lengths = np.where(norms > 0, norms, 1.0)
        factors[k, :count, :dim] = embeddings[rows]
        factors[k, :count, :dim] *= (1 / lengths).astype("float32")[:, None]
        factors[k, :count, :dim] *= scale * weights[:, k, None]
        factors[k, :count, dim] = constant * weights[:, k]
    return factors
