from keras_drop.checks import checked_choice

# What a share of a switch is a share of.
_WHOLE = {"memory.size": "images", "memory.start_epoch": "epochs"}


def absolute_switches(switches, num_images, epochs):
    """Switches with numbers instead of the shares that some of them are.

    A memory that suits a data set and a run of one size suits another one
    better by its share than by its number.

    Args:
        switches: Dictionary of a model's switches, dotted. `"memory.size"` may
            be a text such as `"6.6%"`, of the training images, and
            `"memory.start_epoch"` one of the epochs.
        num_images: Training images.
        epochs: Of the run.

    Returns:
        The dictionary, with the nearest whole numbers, of images 1 at least.

    Raises:
        ValueError: A share of another switch, or none from 0 % to 100 %.

    Example:
    >>> from keras_drop.training.runs.absolute_switches import (
    ...     absolute_switches)
    >>> absolute_switches(
    ...     {"memory.size": "6.6%", "memory.start_epoch": "50%"}, 1500, 20)
    {'memory.size': 99, 'memory.start_epoch': 10}
    """
    wholes = {"images": num_images, "epochs": epochs}
    absolute = dict(switches)
    for name, value in switches.items():
        if not str(value).endswith("%"):
            continue
        whole = checked_choice("switch that can be a share", name, _WHOLE)
        share = _share(name, str(value))
        least = 1 if share and _WHOLE[whole] == "images" else 0
        absolute[name] = max(least, round(share * wholes[_WHOLE[whole]]))
    return absolute


def _share(name, text):
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise ValueError(
            f"`{name}` is {text!r}; a share is 0% to 100%, as 6.6%."
        )
    return share
