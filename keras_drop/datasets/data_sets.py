"""All data sets that are declared in `readers/`."""

import importlib
import inspect
import pkgutil

import keras_drop.datasets.readers as readers
from keras_drop.checks import checked_choice
from keras_drop.datasets.data_set import DATA_SETS


def data_set(name):
    """The `DataSet` of a name.

    Raises:
        ValueError: There is none; the message lists the names. For MSMT17 and
            Partial-REID it has to be said which of the two variants is meant.

    Example:
    >>> from keras_drop.datasets import data_set
    >>> data_set("market1501").counts["query"]
    (750, 3368)
    """
    variants = [
        known
        for known in DATA_SETS.values()
        if known.differs and known.name.startswith(f"{name}_")
    ]
    if variants:
        names = " or ".join(repr(known.name) for known in variants)
        raise ValueError(
            f"{name!r} is {names}: {variants[0].differs}, and results cannot "
            "be compared. Name one."
        )
    return DATA_SETS[checked_choice("data_set", name, DATA_SETS)]


def find_readers():
    """Imports every file of `readers/`, which declares its data sets.

    Returns:
        Dictionary of its public functions and classes by their names.
    """
    found = {}
    for module in pkgutil.iter_modules(readers.__path__):
        module = importlib.import_module(f"{readers.__name__}.{module.name}")
        found |= {
            name: value
            for name, value in vars(module).items()
            if not name.startswith("_")
            and inspect.getmodule(value) is module
            and (inspect.isfunction(value) or inspect.isclass(value))
        }
    return found
