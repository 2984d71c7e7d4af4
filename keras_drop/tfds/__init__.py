"""The data sets as builders of TensorFlow Datasets.

`import keras_drop.tfds` makes them known, by the names of
`keras_drop.datasets.DATA_SETS`, as `"occluded_duke"`; `"own_table"` is a table
of one's own, `"embedded_pedestrians"` draws them. `pip install
'keras_drop[tfds]'`.
"""

from keras_drop.datasets.packed.read_tfds import read_tfds
from keras_drop.tfds.builders import (
    EmbeddedPedestrians,
    OwnTable,
    ReIDBuilder,
    builder_class,
)

__all__ = [
    "EmbeddedPedestrians",
    "OwnTable",
    "ReIDBuilder",
    "builder_class",
    "read_tfds",
]
