"""What a result has to say of the model and the software it came from."""

import inspect
import sys

import numpy as np

import keras_drop


def describe_model(model):
    """Name, switches and image size of a Keras model, as far as it has them.

    Args:
        model: Any object; Keras models say most.

    Returns:
        Dictionary of `model`, its class; `switches`, the plain constructor
        arguments that are not the default, with the name of the backbone; and
        `image_size`, `(height, width)` or `None`.
    """
    switches = {}
    if hasattr(model, "backbone"):
        switches["backbone"] = model.backbone.name
    if hasattr(model, "dtype_policy") and model.dtype_policy.name != "float32":
        switches["precision"] = model.dtype_policy.name
    config = model.get_config() if hasattr(model, "get_config") else {}
    for name, argument in inspect.signature(type(model)).parameters.items():
        value = config.get(name, argument.default)
        if isinstance(argument.default, str) and isinstance(value, dict):
            # An object that also has a name, such as a part schema.
            value = value["config"]["name"]
        if name != "name" and _is_plain(value) and value != argument.default:
            switches[name] = value
    switches.pop("num_identities", None)
    shape = model.input_shape if hasattr(model, "input_shape") else ()
    return {
        "model": type(model).__name__,
        "switches": switches,
        "image_size": tuple(shape[1:3]) if len(shape) == 4 else None,
    }


def software_versions():
    """Versions of what computed a result; of Keras if it was loaded."""
    versions = {
        "keras_drop": keras_drop.__version__,
        "numpy": np.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    if "keras" in sys.modules:
        keras = sys.modules["keras"]
        versions["keras"] = keras.__version__
        versions["backend"] = keras.backend.backend()
    return versions


def _is_plain(value):
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)
