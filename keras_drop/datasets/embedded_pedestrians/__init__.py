"""The embedded pedestrians: a drawn ReID data set with obstacles."""

from keras_drop.datasets.embedded_pedestrians.files.writer import (
    render_embedded_pedestrians,
)

__all__ = ["render_embedded_pedestrians"]
