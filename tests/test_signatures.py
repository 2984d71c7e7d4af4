"""How many arguments what is public takes."""

import importlib
import inspect
import pkgutil

import pytest

import keras_drop

pytestmark = pytest.mark.backend_neutral

FUNCTION = 8
CONSTRUCTOR = 12
# More than that, each with its reason.
EXCEPTIONS = {
    # Four arrays, and five things that a fit needs to know.
    "evaluation.fit_pair_verdict": 9,
    # A ViT's sizes, as KerasHub's backbones take them, one by one, and
    # what every Keras model has: `name`, `trainable`, `dtype`.
    "models.backbones.ViTBackbone": 14,
}


def packages():
    """Also those inside of others, such as `models.backbones`."""
    yield keras_drop
    for found in pkgutil.walk_packages(keras_drop.__path__, "keras_drop."):
        if found.ispkg:
            yield importlib.import_module(found.name)


def signatures():
    """Name, whether it is a constructor, and the callable itself."""
    for package in packages():
        folder = package.__name__.partition(".")[2]
        for name in getattr(package, "__all__", ()):
            value = getattr(package, name)
            path = f"{folder}.{name}" if folder else name
            if inspect.isclass(value):
                yield path, True, value
                for method, member in vars(value).items():
                    member = inspect.unwrap(getattr(member, "__func__", member))
                    if inspect.isfunction(member) and method[0] != "_":
                        yield f"{path}.{method}", False, member
            elif inspect.isfunction(value):
                yield path, False, value


def num_arguments(function):
    arguments = inspect.signature(function).parameters.values()
    various = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    return sum(
        argument.kind not in various and argument.name not in ("self", "cls")
        for argument in arguments
    )


def too_many():
    return {
        path: num_arguments(value)
        for path, constructs, value in signatures()
        if num_arguments(value) > (CONSTRUCTOR if constructs else FUNCTION)
    }


def test_nothing_public_takes_more_arguments_than_a_reader_can_hold():
    assert too_many() == EXCEPTIONS


def test_most_constructors_take_as_few_as_functions():
    counts = [
        num_arguments(v) for _, constructs, v in signatures() if constructs
    ]
    assert len(counts) > 60
    assert sum(count > FUNCTION for count in counts) < len(counts) / 6


def test_what_is_public_is_seen():
    """The walk is not blind to a package, nor to methods."""
    names = {path for path, _, _ in signatures()}
    assert {
        "evaluation.evaluate_retrieval",
        "evaluation.Protocol.read",
        "models.DROP",
        "losses.FocalParsing",
        "load_model",
    } <= names
