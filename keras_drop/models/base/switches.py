"""What a model can be made with, from text such as `memory.size=512`."""

import ast
import dataclasses
import inspect
import typing

from keras_drop.checks import checked_choice, refuse_unknown_names
from keras_drop.models.base.identity_losses import IDENTITY_LOSSES

# What is not a switch, but given by the run.
_GIVEN = ("backbone", "num_identities", "preprocessor", "name")
_WORDS = {"true": True, "false": False, "none": None}


def switch_names(model_class):
    """All that `parse_switches` takes for a model, dotted.

    Args:
        model_class: Subclass of `ReIDTask`.

    Returns:
        Dictionary from the dotted name to its default.

    Example:
    >>> from keras_drop.models import DROP
    >>> from keras_drop.models.base.switches import switch_names
    >>> switch_names(DROP)["memory.size"]
    1024
    """
    names = {}
    for name, default in _switches(model_class).items():
        for path, value in _fields(model_class, name, default).items():
            names[f"{name}.{path}" if path else name] = value
    return names


def parse_switches(model_class, settings):
    """The keywords of a model's constructor, from dotted settings as text.

    Nothing is built: a wrong name, a value of another kind, or one that the
    model does not know is found before any image is read.

    Args:
        model_class: Subclass of `ReIDTask`.
        settings: Dictionary from a dotted name, as in `switch_names`, to a
            text, such as `"512"`, `"true"`, `"none"` or `"argmax"`.

    Returns:
        Keywords for the constructor.

    Raises:
        ValueError: Names the setting, what came and what there is.

    Example:
    >>> from keras_drop.models import BPBReID
    >>> from keras_drop.models.base.switches import parse_switches
    >>> parse_switches(BPBReID, {"loss_weights.parsing": "4"})
    {'loss_weights': {'parsing': 4.0}}
    """
    known, defaults = switch_names(model_class), _switches(model_class)
    refuse_unknown_names(model_class.__name__, settings, known)
    keywords, nested = {}, {}
    for name, text in settings.items():
        switch, _, path = name.partition(".")
        value = _one_of_each_part(defaults[switch], path, text)
        if value is None:
            value = parsed_value(name, text, known[name])
        if path:
            nested.setdefault(switch, {})[path] = value
        else:
            keywords[switch] = value
    for switch, values in nested.items():
        if dataclasses.is_dataclass(defaults[switch]):
            keywords[switch] = dataclasses.replace(defaults[switch], **values)
    if "loss_weights" in nested:
        keywords["loss_weights"] = nested["loss_weights"]
    model_class.check_switches(**keywords)
    if "term_losses" in nested:
        keywords["term_losses"] = _changed_losses(
            model_class.default_term_losses(**keywords), nested["term_losses"]
        )
    return keywords


def _switches(model_class):
    """Constructor arguments that are switches, with their defaults."""
    arguments = inspect.signature(model_class.__init__).parameters
    return {
        name: argument.default
        for name, argument in arguments.items()
        if name not in ("self", *_GIVEN)
    }


def _fields(model_class, name, default):
    """Dotted paths below a switch, with their defaults; `""` for itself."""
    if name == "loss_weights":
        return dict(model_class.DEFAULT_LOSS_WEIGHTS)
    if name == "term_losses":
        fields = {}
        for term, loss in model_class.default_term_losses().items():
            arguments = _loss_arguments(loss)
            if term in model_class.COSINE_TERMS:
                fields[term] = "cross_entropy"
                # Of the other losses; left out, each has its own.
                arguments |= {"margin": None, "scale": None}
            fields |= {f"{term}.{k}": value for k, value in arguments.items()}
        return fields
    if dataclasses.is_dataclass(default):
        return dataclasses.asdict(default)
    return {"": default}


def _loss_arguments(loss):
    """What a loss was made with, without what all losses have."""
    named = inspect.signature(type(loss).__init__).parameters
    return {
        name: value
        for name, value in loss.get_config().items()
        if name in named
    }


def _changed_losses(losses, settings):
    """The losses of the terms that are named, others or made otherwise."""
    arguments = {}
    for path, value in settings.items():
        term, _, field = path.partition(".")
        arguments.setdefault(term, {})[field] = value
    return {
        term: _changed_loss(term, losses[term], values)
        for term, values in arguments.items()
    }


def _changed_loss(term, loss, values):
    kind, arguments = type(loss), _loss_arguments(loss)
    name = values.pop("", None)
    if name is not None:
        checked_choice(f"term_losses.{term}", name, IDENTITY_LOSSES)
    if name is not None and kind is not IDENTITY_LOSSES[name]:
        kind = IDENTITY_LOSSES[name]
        arguments = _loss_arguments(kind())
    given = {k: v for k, v in values.items() if v is not None}
    refuse_unknown_names(f"term_losses.{term}", given, arguments)
    return kind(**{**arguments, **given})


def _one_of_each_part(default, path, text):
    """The numbers of a text such as `"0.3,0.4"`, if the field may have them."""
    if not dataclasses.is_dataclass(default) or "," not in text:
        return None
    kind = next(f.type for f in dataclasses.fields(default) if f.name == path)
    if tuple not in map(typing.get_origin, typing.get_args(kind)):
        return None
    try:
        value = ast.literal_eval(text)
        return tuple(float(number) for number in value)
    except (SyntaxError, TypeError, ValueError):
        return None


def parsed_value(name, text, default):
    """The value that a text stands for, of the kind that the default has.

    Args:
        name: Of the switch, for the error.
        text: Such as `"512"`, `"true"`, `"none"` or `"argmax"`.
        default: A value of the same kind; `None` for any kind.

    Raises:
        ValueError: It is of another kind.
    """
    word = text.lower()
    if word in _WORDS:
        value = _WORDS[word]
    else:
        try:
            value = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            value = text
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if isinstance(default, str) and not isinstance(value, str):
        value = text  # A name may look like a number, or be "none".
    # A default of nothing says nothing of the kind.
    if default is not None and type(value) is not type(default):
        raise ValueError(
            f"`{name}` is {text!r}; it has to be of the kind "
            f"{type(default).__name__}, as its default {default!r} is."
        )
    return value
