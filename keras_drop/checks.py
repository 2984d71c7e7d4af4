"""The one place that refuses a wrong choice, with the known ones."""

import difflib
import math
import numbers


def checked_choice(name, value, known):
    """`value`, if it is one of `known`.

    Args:
        name: What the user calls it, such as `visibility` or `--backbone`.
        value: What came.
        known: The values that there are, in the order in which to list them.

    Raises:
        ValueError: It is none of them; the message lists them, and says which
            one is spelt most like it.

    Example:
    >>> from keras_drop.checks import checked_choice
    >>> checked_choice("combine", "mean", ("mean", "max"))
    'mean'
    """
    known = tuple(known)
    # Not `value in known`: of an array that is no single truth.
    if not any(isinstance(value, type(k)) and value == k for k in known):
        raise ValueError(
            f"`{name}` is one of {', '.join(map(repr, known))}; got "
            f"{value!r}.{_nearest(value, known)}"
        )
    return value


def refuse_unknown(**choices):
    """`checked_choice` for several at once.

    Args:
        **choices: Under the name, the pair of the value and the known ones.

    Raises:
        ValueError: As of `checked_choice`, for the first that is unknown.
    """
    for name, (value, known) in choices.items():
        checked_choice(name, value, known)


def refuse_unknown_names(what, names, known):
    """Refuses names, of settings, loss terms or parts, that nobody knows.

    Args:
        what: What the names are of, such as `loss_weights`.
        names: Those that came.
        known: Those that there are.

    Raises:
        ValueError: Lists the unknown ones, the known ones, and for each
            unknown one the known one that is spelt most like it.
    """
    known = tuple(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        hints = "".join(_nearest(name, known) for name in unknown)
        listed = ", ".join(map(str, known)) or "none"
        raise ValueError(
            f"`{what}` does not have {', '.join(map(repr, unknown))}; it has "
            f"{listed}.{hints}"
        )


def refuse_negative(**given):
    """Refuses numbers below 0, and what is no number.

    Raises:
        ValueError: Names the switch and its value.
    """
    for name, value in given.items():
        is_number = isinstance(value, numbers.Real)
        if not is_number or isinstance(value, bool) or not value >= 0:
            raise ValueError(f"`{name}` is {value!r}; it has to be 0 or more.")


def is_whole(value):
    """Whether something is a whole number; `True` is none.

    Example:
    >>> from keras_drop.checks import is_whole
    >>> is_whole(2), is_whole(2.0), is_whole("2"), is_whole(True)
    (True, False, False, False)
    """
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def refuse_no_whole(**given):
    """Refuses what is no whole number from 0, such as a seed.

    Raises:
        ValueError: Names the switch and its value.

    Example:
    >>> from keras_drop.checks import refuse_no_whole
    >>> refuse_no_whole(seed=1.7)
    Traceback (most recent call last):
    ValueError: `seed` is a whole number from 0; it is 1.7.
    """
    for name, value in given.items():
        if not is_whole(value) or value < 0:
            raise ValueError(
                f"`{name}` is a whole number from 0; it is {value!r}."
            )


def refuse_less_than_1(**given):
    """Refuses numbers below 1, and what is no number.

    Raises:
        ValueError: Names the switch and its value.
    """
    for name, value in given.items():
        is_number = isinstance(value, numbers.Real)
        if not is_number or isinstance(value, bool) or not value >= 1:
            raise ValueError(f"`{name}` is at least 1; it is {value!r}.")


def refuse_no_count(**given):
    """Refuses what is no whole number from 1.

    Raises:
        ValueError: Names the switch and its value.

    Example:
    >>> from keras_drop.checks import refuse_no_count
    >>> refuse_no_count(k=2.5)
    Traceback (most recent call last):
    ValueError: `k` is at least 1, a whole number; it is 2.5.
    """
    for name, value in given.items():
        if not is_whole(value) or value < 1:
            raise ValueError(
                f"`{name}` is at least 1, a whole number; it is {value!r}."
            )


def checked_number(name, value):
    """`value`, if it is a finite number.

    Raises:
        ValueError: It is not.
    """
    refuse_outside(-math.inf, math.inf, **{name: value})
    return value


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


def refuse_outside(low, high, **given):
    """Refuses numbers outside of `[low, high]`, and what is no number.

    Raises:
        ValueError: Names the switch and its value.

    Example:
    >>> from keras_drop.checks import refuse_outside
    >>> refuse_outside(0, 1, rate=float("nan"))
    Traceback (most recent call last):
    ValueError: `rate` is nan; it is a number from 0 to 1.
    """
    for name, value in given.items():
        is_number = isinstance(value, numbers.Real)
        # Infinity as a limit is a limit: what is infinite is no number here.
        finite = is_number and math.isfinite(value)
        if not finite or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(
                f"`{name}` is {value!r:.100}; it is a number from {low} to "
                f"{high}."
            )


def refuse_no_range(low, high, **given):
    """Refuses what is no pair `(smallest, largest)` within `[low, high]`.

    Raises:
        ValueError: Names the switch and its value.

    Example:
    >>> from keras_drop.checks import refuse_no_range
    >>> refuse_no_range(0, 1, area=0.4)
    Traceback (most recent call last):
    ValueError: `area` is 0.4; it is a pair (smallest, largest) from 0 to 1.
    """
    for name, value in given.items():
        try:
            smallest, largest = value
            refuse_outside(low, high, smallest=smallest, largest=largest)
            right = smallest <= largest
        except (TypeError, ValueError):
            right = False
        if not right:
            raise ValueError(
                f"`{name}` is {value!r:.100}; it is a pair (smallest, "
                f"largest) from {low} to {high}."
            )


def refuse_wrong_rows(rows, num_queries, num_images):
    """Refuses what are no rows of a gallery, some for each query.

    Args:
        rows: Array of integers, `(num_queries, k)`; -1 for nobody.
        num_queries: Queries that there are.
        num_images: Images of the gallery.

    Raises:
        ValueError: Another shape, or rows that the gallery does not have.

    Example:
    >>> import numpy as np
    >>> from keras_drop.checks import refuse_wrong_rows
    >>> refuse_wrong_rows(np.array([[0, 5]]), num_queries=1, num_images=5)
    Traceback (most recent call last):
    ValueError: `rows` reach from 0 to 5; the gallery has 5 images.
    """
    if rows.ndim != 2 or len(rows) != num_queries or not rows.size:
        raise ValueError(
            f"`rows` holds gallery rows of each of the {num_queries} queries, "
            f"(queries, k); its shape is {rows.shape}."
        )
    if rows.min() < -1 or rows.max() >= num_images:
        raise ValueError(
            f"`rows` reach from {rows.min()} to {rows.max()}; the gallery has "
            f"{num_images} images."
        )


def _nearest(value, known):
    """`" Did you mean …?"`, if something known is spelt nearly like it."""
    if not isinstance(value, str):
        return ""
    names = [name for name in known if isinstance(name, str)]
    close = difflib.get_close_matches(value, names, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
