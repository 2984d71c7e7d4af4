"""keras_drop: occluded person re-identification in Keras 3."""

import importlib

from keras_drop.descriptors import Descriptors
from keras_drop.part_schemas import PART_SCHEMAS, PartSchema, part_schema
from keras_drop.records import Records

__version__ = "0.1.0"

_PACKAGES = (
    "backend",
    "data",
    "datasets",
    "evaluation",
    "export",
    "layers",
    "losses",
    "models",
    "ops",
    "training",
    "visualization",
)

__all__ = [
    "PART_SCHEMAS",
    "Descriptors",
    "PartSchema",
    "Records",
    "part_schema",
    *_PACKAGES,
]


def __getattr__(name):
    """Loads a package when it is first used: KerasHub alone takes seconds."""
    if name in _PACKAGES:
        return importlib.import_module(f"keras_drop.{name}")
    raise AttributeError(f"module 'keras_drop' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
