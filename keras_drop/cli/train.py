"""Train a model, evaluate it, and keep what it found."""

import dataclasses

from keras_drop import recipes
from keras_drop.flags import flag, read_flags
from keras_drop.training import Run

_USAGE = """\
usage: keras-drop train --model=NAME --data=DATA_SET:FOLDER [flags]
       keras-drop train --recipe=NAME [flags]

--model starts from the settings of the model's paper, --recipe from those of a
published result or a demo. Flags change them; --flagfile=PATH reads flags from
a file. A run that was stopped goes on when it is started again.

examples:
  keras-drop train --recipe=demo
  keras-drop train --model=drop --data=occluded_duke:Occluded_Duke \\
      --parsing_dir=Occluded_Duke/masks --weights=hrnetv2_w32.pth
  keras-drop train --model=drop --model.memory.size=512 --help
"""


@dataclasses.dataclass(frozen=True)
class _Choice:
    """What to start from."""

    recipe: str = flag("", ", ".join(recipes.names()))
    model: str = flag("", ", ".join(recipes.PAPERS))


@dataclasses.dataclass(frozen=True)
class _Command:
    """What to start from; --model may be one of the same kind of run."""

    recipe: str = flag("", ", ".join(recipes.names()))
    run: Run = Run()


def main(argv):
    """Trains, evaluates and reports, as flags say.

    Args:
        argv: Flags as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        ValueError: Settings that cannot work; nothing was drawn or read.
        FileNotFoundError: A path that is not there.
    """
    if set(argv) <= {"-h", "--help"}:
        read_flags(_Choice(), argv, _USAGE)
    choice = read_flags(_Choice(), argv, known_only=True)
    recipe = _recipe(choice)
    run = recipes.find(recipe)
    # A run that labels images trains no model of `MODELS`.
    if choice.model and choice.model != getattr(run, "model", choice.model):
        # Switches of the one model are not those of the other.
        run = dataclasses.replace(run, model=choice.model, switches={})
    usage = f"{_USAGE}\nThe recipe {recipe}:\n\n{recipes.text(recipe)}"
    read_flags(_Command(choice.recipe, run), argv, usage).run.start()
    return 0


def _recipe(choice):
    """Name of the recipe whose settings the flags change."""
    if choice.recipe:
        return choice.recipe
    if choice.model:
        return recipes.of_model(choice.model)
    raise ValueError(
        "What is to be trained? Give --model, one of "
        f"{', '.join(recipes.PAPERS)}; or --recipe, one of "
        f"{', '.join(recipes.names())}."
    )
