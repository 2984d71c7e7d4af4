"""keras_drop: occluded person re-identification in Keras 3."""

import importlib
from typing import TYPE_CHECKING

from keras_drop.missing_backend import refuse_missing_backend

if TYPE_CHECKING:  # An editor sees at once what is loaded when first used.
    from keras_drop import backend as backend
    from keras_drop import data as data
    from keras_drop import datasets as datasets
    from keras_drop import embedding as embedding
    from keras_drop import evaluation as evaluation
    from keras_drop import export as export
    from keras_drop import flags as flags
    from keras_drop import gallery as gallery
    from keras_drop import layers as layers
    from keras_drop import losses as losses
    from keras_drop import models as models
    from keras_drop import ops as ops
    from keras_drop import tracking as tracking
    from keras_drop import training as training
    from keras_drop import visualization as visualization
    from keras_drop.descriptors import Descriptors as Descriptors
    from keras_drop.gallery import Gallery as Gallery
    from keras_drop.part_schemas import PART_SCHEMAS as PART_SCHEMAS
    from keras_drop.part_schemas import PartSchema as PartSchema
    from keras_drop.part_schemas import part_schema as part_schema
    from keras_drop.records import Records as Records

__version__ = "0.1.0"

_PACKAGES = (
    "backend",
    "data",
    "datasets",
    "embedding",
    "evaluation",
    "export",
    "flags",
    "gallery",
    "layers",
    "losses",
    "models",
    "ops",
    "tracking",
    "training",
    "visualization",
)
_VALUES = {
    "PART_SCHEMAS": "part_schemas",
    "Descriptors": "descriptors",
    "Gallery": "gallery",
    "PartSchema": "part_schemas",
    "Records": "records",
    "part_schema": "part_schemas",
}

__all__ = [*_PACKAGES, *_VALUES, "load_model"]


def load_model(path, **kwargs):
    """`keras.saving.load_model` for the models of this library.

    Keras can read a class only once it is imported, and `import keras_drop`
    imports no model, to be quick. This imports them all first.

    Args:
        path: A `.keras` file that `model.save` wrote, on any backend.
        **kwargs: As of `keras.saving.load_model`, such as `compile=False`.

    Returns:
        The model.
    """
    import keras

    for name in ("models", "training"):
        importlib.import_module(f"keras_drop.{name}")
    return keras.saving.load_model(path, **kwargs)


if not TYPE_CHECKING:  # Else every name would be right for an editor.

    def __getattr__(name):
        """Loads what is first used: Keras takes seconds, KerasHub more."""
        if name in _PACKAGES:
            refuse_missing_backend()
            return importlib.import_module(f"keras_drop.{name}")
        if name in _VALUES:
            module = importlib.import_module(f"keras_drop.{_VALUES[name]}")
            return getattr(module, name)
        raise AttributeError(f"module 'keras_drop' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
