"""`where={...}` as SQL."""

import datetime
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.gallery.storing.tables import FIXED

_MOST = 30_000  # Of the values that SQLite takes.
_OF_COLUMN = "(SELECT value FROM json_each(columns) WHERE key = ?)"


def condition(where, column_names):
    """SQL condition of a filter, and its values.

    Args:
        where: Dictionary from the name of a column to a value, to a list or
            set of values, to `None` for none, or to a pair `(from, to)`, both
            included, with `None` for an open end.
        column_names: Those that the gallery has besides the fixed ones.

    Returns:
        Tuple of the text and the list of values.

    Raises:
        ValueError: A column that there is not, a value of another kind, or
            too many of them.

    Example:
    >>> from keras_drop.gallery.storing.conditions import condition
    >>> condition({"camera": [1, 2], "time": (8, None)}, ())
    ('camera IN (?, ?) AND time >= ?', [1, 2, 8])
    """
    refuse_unknown_names("where", where, ("id", *FIXED, *column_names))
    parts, values = ["1"], []
    for name, wanted in where.items():
        field, own = name, []
        if name not in ("id", *FIXED):
            # The name is a value here, so that it may be any text.
            field, own = _OF_COLUMN, [name]
        for text, more in _of_field(name, wanted):
            parts.append(text.format(field))
            values += own + more
    return " AND ".join(parts[1:] or parts), values


def check_count(name, values):
    """Refuses more values than SQLite takes.

    Raises:
        ValueError: Too many of them.
    """
    if len(values) > _MOST:
        raise ValueError(
            f"`{name}` names {len(values):,} values; a filter takes {_MOST:,} "
            "at most. Give a range, or keep what they have in common in a "
            "column."
        )


def plain_value(name, value):
    """A value as the gallery keeps it: text, a number or nothing.

    Raises:
        ValueError: It is none of these, nor a time, path or truth, or a whole
            number of more than 64 bits.
    """
    if isinstance(value, np.datetime64):
        # Of nanoseconds, NumPy would make a number.
        value = value.astype("datetime64[us]")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime.datetime | datetime.date):
        # pandas' NaT is a time, and no time: nothing equals it.
        return value.isoformat() if value == value else None
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not np.isfinite(value):
        value = None
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError(
            f"`{name}` holds {value}; a gallery keeps whole numbers of 64 "
            "bits. Give it as text."
        )
    if value is None or isinstance(value, str | int | float):
        return int(value) if isinstance(value, bool) else value
    raise ValueError(
        f"`{name}` holds {value!r:.80}; a gallery keeps text, numbers, times "
        "and None."
    )


def wanted_value(name, value):
    """`plain_value` of what is looked for, which is nothing by `None` alone.

    Raises:
        ValueError: As of `plain_value`, or a number that is not finite.
    """
    plain = plain_value(name, value)
    if plain is None and value is not None:
        raise ValueError(
            f"`{name}` is to be {value!r:.80}, which no image has. Give a "
            "number, or None for images of which nothing was told."
        )
    return plain


def _of_field(name, wanted):
    """Yields conditions, `{}` for the column, and the list of their values."""
    if isinstance(wanted, tuple):
        if len(wanted) != 2:
            raise ValueError(
                f"`{name}` is to be in {wanted!r}; a range is a pair (from, "
                "to). Give a list for one of several values."
            )
        for sign, end in zip((">=", "<="), wanted):
            end = wanted_value(name, end)
            if end is not None:
                yield f"{{}} {sign} ?", [end]
        return
    if not isinstance(wanted, list | set | frozenset | np.ndarray):
        value = wanted_value(name, wanted)
        # "IS" is "=" for values, and finds what is not there as well.
        yield "{} IS ?", [value]
        return
    values = [wanted_value(name, value) for value in wanted]
    check_count(name, values)
    some = [value for value in values if value is not None]
    marks = ", ".join("?" * len(some))
    if len(some) == len(values):
        yield f"{{}} IN ({marks})", some
    elif some:  # Nothing is in no list: NULL.
        yield f"coalesce({{}} IN ({marks}), 1)", some
    else:
        yield "{} IS NULL", []
