"""A run of any recipe, made small enough for a test."""

import dataclasses

from keras_drop import recipes
from keras_drop.training import BackboneSettings

SMALL = {"image_size": (64, 32)}
FEW = {"identities_per_batch": 4, "images_per_identity": 2}


def miniature(name, data_dir, run_dir, switches=None, **changes):
    """The run of a recipe on drawn miniature data, for two epochs.

    Args:
        name: Of the recipe.
        data_dir: Folder of drawn pedestrians.
        run_dir: Of the run.
        switches: Of the model, instead of the recipe's.
        **changes: Fields of the run; for a group a dictionary of fields.
    """
    run = recipes.find(name)
    groups = {
        "data": {
            "data": f"embedded_pedestrians:{data_dir}",
            "parsing_dir": data_dir / "parts",
            "label_format": "densepose14",
            "render": "",
        },
        "batches": SMALL | FEW,
        "optimizer": {"warmup_epochs": 1, "milestones": (1,)},
        "fit": {"epochs": 2, "evaluate_every": 2},
    }
    for group, fields in groups.items():
        fields |= changes.pop(group, {})
        changes[group] = dataclasses.replace(getattr(run, group), **fields)
    changes.setdefault("backbone", BackboneSettings("resnet18"))
    if switches is not None:
        changes["switches"] = switches
    changes.setdefault("export", False)
    return dataclasses.replace(run, run_dir=run_dir, **changes)


def change(run, **changes):
    """A copy of a run; a dictionary changes the fields of a group."""
    for name, value in changes.items():
        if isinstance(value, dict) and name != "switches":
            changes[name] = dataclasses.replace(getattr(run, name), **value)
    return dataclasses.replace(run, **changes)
