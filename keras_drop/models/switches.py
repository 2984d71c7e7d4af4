"""Checks of what a model was asked for."""


def refuse_unknown(**switches):
    """Refuses a value that is not among the known ones of its switch.

    Args:
        **switches: Under the switch's name, the pair of its value and the
            known values.

    Raises:
        ValueError: Names the switch, its value and the known ones.
    """
    for name, (value, known) in switches.items():
        if value not in known:
            raise ValueError(
                f"`{name}` is one of {', '.join(map(repr, known))}; "
                f"got {value!r}."
            )


def refuse_negative(**switches):
    """Refuses a switch below 0.

    Raises:
        ValueError: Names the switch and its value.
    """
    for name, value in switches.items():
        if not value >= 0:
            raise ValueError(f"`{name}` is {value!r}; it has to be 0 or more.")
