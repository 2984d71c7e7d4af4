"""Checks of constructor arguments that several losses take."""


def checked_share(name, value):
    """`value`, if it is in `[0, 1)`.

    Raises:
        ValueError: It is not.
    """
    if not 0 <= value < 1:
        raise ValueError(
            f"`{name}` is {value}; it has to be at least 0 and less than 1, "
            "such as 0.1."
        )
    return value


def checked_choice(name, value, choices):
    """`value`, if it is one of `choices`.

    Raises:
        ValueError: It is not.
    """
    if value not in choices:
        known = " or ".join(repr(choice) for choice in choices)
        raise ValueError(f"`{name}` is {value!r}; it has to be {known}.")
    return value
