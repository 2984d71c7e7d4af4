"""Recipes, one file each: the settings of a run, and what it measured.

The docstring of a recipe has its command and its result; `RUN` is the run.
`keras-drop train --recipe=NAME` starts it, and so does
`python recipes/NAME.py` in a checkout.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

from keras_drop.checks import checked_choice
from keras_drop.quietly import quietly

with quietly():  # The first import of Keras by a recipe that is run.
    import keras  # noqa: F401

# The recipe that `--model` starts from: of the model's paper, or DROP's for
# what is compared with it.
PAPERS = {
    "drop": "occluded_duke",
    "bpbreid": "occluded_duke",
    "global_baseline": "occluded_duke",
    "pab_reid": "pab_reid_occluded_duke",
    "hpnet": "hpnet_market1501",
    "dpeformer": "dpeformer_occluded_duke",
    "transreid_baseline": "transreid_occluded_duke",
}


def names():
    """Names of all recipes."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def find(name):
    """The run of a recipe.

    Raises:
        ValueError: There is no such recipe.

    Example:
    >>> from keras_drop import recipes
    >>> recipes.find("occluded_duke").model
    'drop'
    """
    return _module(name).RUN


def text(name):
    """What a recipe says of itself: its command, and what it measured.

    Raises:
        ValueError: There is no such recipe.
    """
    return _module(name).__doc__


def of_model(model):
    """Name of the recipe that `--model` starts from.

    Raises:
        ValueError: There is no such model.
    """
    return PAPERS[checked_choice("model", model, PAPERS)]


def _module(name):
    checked_choice("recipe", name, names())
    return importlib.import_module(f"keras_drop.recipes.{name}")


def start(file):
    """Runs a recipe's file as a program: `python recipes/demo.py [flags]`.

    Args:
        file: `__file__` of the recipe.
    """
    command = importlib.import_module("keras_drop.__main__")
    argv = ["train", f"--recipe={Path(file).stem}", *sys.argv[1:]]
    sys.exit(command.main(argv))
