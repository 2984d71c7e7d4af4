import dataclasses

import numpy as np

from keras_drop.evaluation.comparison import check_descriptors
from keras_drop.evaluation.distances.part_distances import (
    NO_COMMON_PART,
    PartDistances,
)


def unknown_distances(rows, columns, distance):
    """Distances of all pairs, NaN where nothing can be compared.

    Args:
        rows: `Descriptors`, may be none.
        columns: `Descriptors`, may be none.
        distance: `Distance`.

    Returns:
        `(num_rows, num_columns)` float32.

    Raises:
        ValueError: Descriptors with other parts or of another length.
    """
    found = np.full((len(rows), len(columns)), np.nan, "float32")
    if found.size:
        check_descriptors(rows, columns)
        distance = dataclasses.replace(distance, no_common="sentinel")
        sides = np.arange(len(rows)), np.arange(len(columns))
        found[:] = PartDistances(rows, columns, *sides, distance).block(*sides)
        found[found >= NO_COMMON_PART] = np.nan
    return found
