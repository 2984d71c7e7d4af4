"""A run that goes on has the settings that it began with."""

from keras_drop.checks import refuse_unknown_names
from keras_drop.flags.fields import as_text, dotted_text, leaves

# What changes nothing about the weights, and paths that may have moved: the
# images behind them are compared by their checksum.
FREE = {
    "run_dir",
    "export",
    "data",
    "data_dir",
    "test_data",
    "parsing_dir",
    "protocol",
    "render",
    "evaluate_every",
    "fit_visibility",
    "tracker",
    "mu",
    "crops",
    "crop_folders",
    "labels_dir",
    "truth_dir",
    "num_devices",
    "checkpoint_minutes",
    "keep_checkpoints",
    "override",
}
_IMAGES = "training_images"


def training_settings(run, checksum=""):
    """What a checkpoint has to know of the settings.

    Args:
        run: Settings, as `Run`.
        checksum: Of the training images.

    Returns:
        Dictionary from the names of flags to texts.

    Example:
    >>> from keras_drop.training import OptimizerSettings
    >>> from keras_drop.training.resuming.resumed_settings import (
    ...     training_settings)
    >>> training_settings(OptimizerSettings(l2=0.1))["l2"]
    '0.1'
    """
    found = {_IMAGES: checksum} if checksum else {}
    for leaf in leaves(run):
        if leaf.prefix is not None:
            for name, value in sorted(leaf.value.items()):
                found[f"{leaf.prefix}.{name}"] = dotted_text(value)
        elif leaf.name not in FREE:
            found[leaf.name] = as_text(leaf.value)
    # More epochs change what is learnt only where something follows them.
    shares = any(value.endswith("%") for value in found.values())
    if found.get("schedule") == "steps" and not shares:
        found.pop("epochs", None)
    return found


def refuse_other_settings(now, before, override=()):
    """Refuses to go on with other settings than a run began with.

    Args:
        now: As of `training_settings`.
        before: The same, of the checkpoint; `None` if it has none.
        override: Names that may differ.

    Raises:
        ValueError: Names each setting that differs, its old value and the new
            one; or an `override` that is no setting.

    Example:
    >>> from keras_drop.training.resuming.resumed_settings import (
    ...     refuse_other_settings)
    >>> refuse_other_settings({"seed": "2"}, {"seed": "1"}, ["seed"])
    >>> refuse_other_settings({"seed": "2"}, {"seed": "1"})
    Traceback (most recent call last):
    ...
    ValueError: This run began with another `seed`: 1, not 2. ...
    """
    before = before or {}
    # Epochs are not among the settings where nothing follows them.
    flags = {*now, *before, *FREE, "epochs"}
    refuse_unknown_names("override", override, sorted(flags))
    # A setting that came with a later version has what it had before.
    known = set(now) & set(before) | {
        name for name in {*now, *before} if "." in name
    }
    differing = [
        name
        for name in sorted(known)
        if now.get(name) != before.get(name) and name not in override
    ]
    if not before or not differing:
        return
    told = "; ".join(
        f"`{name}`: {_said(before, name)}, not {_said(now, name)}"
        for name in differing
    )
    raise ValueError(
        f"This run began with another {told}. Take the old one, or another "
        "`run_dir` to begin anew; if you mean to go on with it, "
        f"`--override={','.join(differing)}`."
    )


def _said(settings, name):
    return settings.get(name, "the default") or "nothing"
