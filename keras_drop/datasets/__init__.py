"""File names of data sets to `Records`."""

from keras_drop.datasets.check import check_splits
from keras_drop.datasets.finding import Finding
from keras_drop.datasets.occluded_duke import (
    OCCLUDED_DUKE_COUNTS,
    read_occluded_duke,
)

__all__ = [
    "OCCLUDED_DUKE_COUNTS",
    "Finding",
    "check_splits",
    "read_occluded_duke",
]
