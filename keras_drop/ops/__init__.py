"""Functions without state, of `keras.ops` alone."""

from keras_drop.ops.distance import (
    average_part_distances,
    pairwise_euclidean,
    part_distances,
)
from keras_drop.ops.parsing import (
    foreground_mask,
    parsing_targets,
    part_visibility,
)
from keras_drop.ops.resize import resize_corner_aligned, resize_half_pixel

__all__ = [
    "average_part_distances",
    "foreground_mask",
    "pairwise_euclidean",
    "parsing_targets",
    "part_distances",
    "part_visibility",
    "resize_corner_aligned",
    "resize_half_pixel",
]
