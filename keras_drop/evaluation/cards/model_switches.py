"""The settings of a model that are not its default, for a card."""

import dataclasses
import inspect


def model_switches(model):
    """Dictionary of the settings of a Keras model that are not the default.

    Args:
        model: Any object; Keras models say most.

    Returns:
        The constructor arguments that are not the default, dotted where they
        are values, weights or losses, as `memory.size`, with the name of the
        backbone and those of its optional arguments, after `backbone_`, and
        the precision.
    """
    switches = {}
    if hasattr(model, "backbone"):
        switches["backbone"] = model.backbone.name
        switches |= _backbone_arguments(model.backbone)
    if hasattr(model, "dtype_policy") and model.dtype_policy.name != "float32":
        switches["precision"] = model.dtype_policy.name
    if hasattr(model, "get_config"):
        switches |= _changed_arguments(type(model), model.get_config())
    return switches


def _backbone_arguments(backbone):
    """Optional arguments that the backbone's name does not tell."""
    if not hasattr(backbone, "get_config"):
        return {}
    parameters = inspect.signature(type(backbone)).parameters
    return {
        f"backbone_{name}": value
        for name, value in _changed_arguments(
            type(backbone), backbone.get_config()
        ).items()
        if parameters[name].default is not inspect.Parameter.empty
        and name not in ("image_shape", "data_format")
    }


def _changed_arguments(model_class, config):
    """The plain arguments of the constructor that are not the default."""
    changed = {}
    for name, argument in inspect.signature(model_class).parameters.items():
        value = config.get(name, argument.default)
        if isinstance(argument.default, str) and isinstance(value, dict):
            # An object that also has a name, such as a part schema.
            value = value["config"]["name"]
        elif isinstance(value, dict) and (
            name in ("loss_weights", "term_losses")
            or dataclasses.is_dataclass(argument.default)
        ):
            defaults = _default_fields(model_class, name, argument.default)
            changed |= {
                f"{name}.{path}": field
                for path, field in _fields(value).items()
                if _is_plain(field) and field != defaults.get(path)
            }
        # The number of people belongs to the training set.
        counts = name not in ("name", "num_identities")
        if counts and _is_plain(value) and value != argument.default:
            changed[name] = value
    return changed


def _fields(value):
    """The fields of a stored value or loss, and of dictionaries of them."""
    if "class_name" in value:
        return value["config"]
    fields = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            fields[name] = inner["class_name"]
            for path, field in inner["config"].items():
                if path not in ("name", "reduction", "dtype"):
                    fields[f"{name}.{path}"] = field
        else:
            fields[name] = inner
    return fields


def _default_fields(model_class, name, default):
    """What `_fields` gives for the default of an argument."""
    if dataclasses.is_dataclass(default):
        return dataclasses.asdict(default)
    if name == "loss_weights":
        return getattr(model_class, "DEFAULT_LOSS_WEIGHTS", {})
    if name == "term_losses" and hasattr(model_class, "default_term_losses"):
        return _fields(
            {
                term: {
                    "class_name": type(loss).__name__,
                    "config": loss.get_config(),
                }
                for term, loss in model_class.default_term_losses().items()
            }
        )
    return {}


def _is_plain(value):
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)
