"""Stages by name, for command lines."""

import dataclasses

from keras_drop.checks import checked_choice
from keras_drop.data.occlusions.occluders.occluder_folder import read_occluders
from keras_drop.data.occlusions.stages.grid_mask import GridMask
from keras_drop.data.occlusions.stages.part_occlusion import PartOcclusion
from keras_drop.data.occlusions.stages.person_over_person import (
    PersonOverPerson,
)
from keras_drop.data.occlusions.stages.random_erasing import RandomErasing
from keras_drop.data.occlusions.stages.realistic_occlusion import (
    RealisticOcclusion,
)

OCCLUSIONS = {
    "roa": RealisticOcclusion,
    "random_erasing": RandomErasing,
    "gaussian_erasing": lambda: RandomErasing(
        1.0, (0.05, 0.4), (0.3, 3.3), "normal", log_aspect=True
    ),
    "grid_mask": GridMask,
    "person": PersonOverPerson,
    "part_occlusion": PartOcclusion,
}
"""What makes each stage that a flag can name, such as `"roa"`."""


def named_occlusions(names, occluder_bank="procedural"):
    """Stages by their names, such as `("roa:0.5", "grid_mask")`.

    - `"roa"`: `RealisticOcclusion`.
    - `"random_erasing"`: `RandomErasing` as published.
    - `"gaussian_erasing"`: `RandomErasing` by normal noise in every image, as
      DPEFormer's release has it.
    - `"grid_mask"`: `GridMask`.
    - `"person"`: `PersonOverPerson`.
    - `"part_occlusion"`: `PartOcclusion`.

    Args:
        names: Names, each with `:` and a probability where it is to be another
            than the stage's own.
        occluder_bank: `"procedural"`, or what `read_occluders` reads; opened
            only if a stage pastes occluders.

    Returns:
        Tuple of stages.

    Raises:
        ValueError: An unknown name, no probability, or a broken bank.
        FileNotFoundError: No such bank.

    Example:
    >>> from keras_drop.data.occlusions import named_occlusions
    >>> stages = named_occlusions(["roa:0.3", "gaussian_erasing"])
    >>> [stage.probability for stage in stages]
    [0.3, 1.0]
    """
    return tuple(_stage(name, occluder_bank) for name in names)


def _stage(text, occluder_bank):
    name, _, probability = text.partition(":")
    checked_choice("occlusions", name, OCCLUSIONS)
    if name == "roa" and occluder_bank != "procedural":
        stage = RealisticOcclusion(read_occluders(occluder_bank))
    else:
        stage = OCCLUSIONS[name]()
    if not probability:
        return stage
    try:
        chance = float(probability)
    except ValueError:
        chance = -1.0
    if not 0 <= chance <= 1:
        raise ValueError(
            f"{text!r}: the probability of {name} is a number from 0 to 1; it "
            f"is {probability!r}."
        )
    return dataclasses.replace(stage, probability=chance)
