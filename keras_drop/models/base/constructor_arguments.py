"""What a model is made with: names, kinds, and a copy made otherwise."""

import dataclasses
import inspect

import keras


def constructor_arguments(cls):
    """Names of what a class can be made with, its parents' by `**kwargs`."""
    names = []
    for parent in cls.__mro__:
        if "__init__" not in vars(parent):
            continue
        arguments = inspect.signature(parent.__init__).parameters.values()
        kinds = {argument.kind for argument in arguments}
        names += [
            argument.name
            for argument in arguments
            if argument.kind
            not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
        ]
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            break
    return names


def refuse_other_kinds(cls, arguments):
    """Refuses what is not a value of the kind that the default has.

    Args:
        cls: A class, some of whose constructor's defaults are frozen values.
        arguments: Dictionary of some of its arguments.

    Raises:
        ValueError: Names the argument, its kind and what came.
    """
    named = inspect.signature(cls.__init__).parameters
    for name, given in arguments.items():
        default = named[name].default if name in named else None
        kind = type(default)
        if dataclasses.is_dataclass(default) and not isinstance(given, kind):
            raise ValueError(
                f"`{name}` is a `{kind.__name__}`, such as {default}; got "
                f"{given!r}."
            )


def changed_copy(model, **arguments):
    """A model of the same weights whose constructor got other arguments.

    Args:
        model: `ReIDTask`.
        **arguments: Of its constructor; none that changes a weight's shape.

    Returns:
        The model with a copy of the weights, not compiled.

    Example:
    >>> from keras_drop.models import BPBReID, VisibilityRule, resnet18
    >>> from keras_drop.models.base.constructor_arguments import (
    ...     changed_copy)
    >>> model = BPBReID(resnet18((64, 32)), num_identities=3)
    >>> rule = VisibilityRule("continuous")
    >>> changed_copy(model, visibility=rule).visibility.rule
    'continuous'
    """
    config = model.get_config()
    for name, value in arguments.items():
        config[name] = keras.saving.serialize_keras_object(value)
    other = model.from_config(config)
    other.set_weights(model.get_weights())
    return other
