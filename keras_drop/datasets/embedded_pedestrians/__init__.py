"""The embedded pedestrians: a drawn ReID data set with obstacles."""

from keras_drop.datasets.embedded_pedestrians.files.writer import (
    render_embedded_pedestrians,
)
from keras_drop.datasets.embedded_pedestrians.walks.detection_noise import (
    DetectionNoise,
)
from keras_drop.datasets.embedded_pedestrians.walks.write_walks import (
    walk_embedded_pedestrians,
)

__all__ = [
    "DetectionNoise",
    "render_embedded_pedestrians",
    "walk_embedded_pedestrians",
]
