"""Functions without state, of `keras.ops` alone."""

from keras_drop.ops.adaptive_pooling import adaptive_pooling_weights
from keras_drop.ops.batch_identities import (
    batch_identities,
    nan_of_strangers,
)
from keras_drop.ops.compactness_distance import (
    COMBINATIONS,
    compactness_distances,
)
from keras_drop.ops.distance import (
    average_part_distances,
    pairwise_euclidean,
    part_distances,
)
from keras_drop.ops.hard_mining import (
    at_least,
    hardest_negative,
    hardest_positive,
    triplet_cost,
)
from keras_drop.ops.pair_visibility import (
    PAIR_VISIBILITY_RULES,
    pair_visibility,
)
from keras_drop.ops.parsing import (
    competing_part_maps,
    foreground_mask,
    parsing_targets,
    part_margins,
    part_visibility,
)
from keras_drop.ops.part_cells import LABEL_REDUCTIONS, part_cells
from keras_drop.ops.resize import resize_corner_aligned, resize_half_pixel
from keras_drop.ops.to_unit_length import to_unit_length

__all__ = [
    "COMBINATIONS",
    "LABEL_REDUCTIONS",
    "PAIR_VISIBILITY_RULES",
    "adaptive_pooling_weights",
    "at_least",
    "average_part_distances",
    "batch_identities",
    "compactness_distances",
    "competing_part_maps",
    "foreground_mask",
    "hardest_negative",
    "hardest_positive",
    "nan_of_strangers",
    "pair_visibility",
    "pairwise_euclidean",
    "parsing_targets",
    "part_cells",
    "part_distances",
    "part_margins",
    "part_visibility",
    "resize_corner_aligned",
    "resize_half_pixel",
    "to_unit_length",
    "triplet_cost",
]
