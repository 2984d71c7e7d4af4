"""The embedded pedestrians: a drawn ReID data set with obstacles."""

from keras_drop.datasets.embedded_pedestrians.parts import PART_IDS, PART_NAMES
from keras_drop.datasets.embedded_pedestrians.writer import (
    render_embedded_pedestrians,
)

__all__ = ["PART_IDS", "PART_NAMES", "render_embedded_pedestrians"]
