"""`where={...}` as SQL."""

import datetime
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.gallery.storing.tables import FIXED


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
        ValueError: A column that there is not, or a value of another kind.

    Example:
    >>> from keras_drop.gallery.storing.conditions import condition
    >>> condition({"camera": [1, 2], "time": (8, None)}, ())
    ('camera IN (?, ?) AND time >= ?', [1, 2, 8])
    """
    refuse_unknown_names("where", where, ("id", *FIXED, *column_names))
    parts, values = ["1"], []
    for name, wanted in where.items():
        field = name
        if name not in ("id", *FIXED):
            path = '$."' + name.replace('"', "") + '"'
            field = f"json_extract(columns, '{path}')"
        text, more = _of_field(field, name, wanted)
        parts.append(text)
        values += more
    return " AND ".join(parts[1:] or parts), values


def plain_value(name, value):
    """A value as the gallery keeps it: text, a number or nothing.

    Raises:
        ValueError: It is none of these, nor a time, path or truth.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not np.isfinite(value):
        value = None
    if value is None or isinstance(value, str | int | float):
        return int(value) if isinstance(value, bool) else value
    raise ValueError(
        f"`{name}` holds {value!r:.80}; a gallery keeps text, numbers, times "
        "and None."
    )


def _of_field(field, name, wanted):
    if isinstance(wanted, tuple):
        if len(wanted) != 2:
            raise ValueError(
                f"`{name}` is to be in {wanted!r}; a range is a pair (from, "
                "to). Give a list for one of several values."
            )
        ends = [plain_value(name, end) for end in wanted]
        texts = [
            f"{field} {sign} ?"
            for sign, end in zip((">=", "<="), ends)
            if end is not None
        ]
        text = " AND ".join(texts) or "1"
        return text, [end for end in ends if end is not None]
    if isinstance(wanted, list | set | frozenset | np.ndarray):
        values = [plain_value(name, value) for value in wanted]
        return f"{field} IN ({', '.join('?' * len(values))})", values
    value = plain_value(name, wanted)
    if value is None:
        return f"{field} IS NULL", []
    return f"{field} = ?", [value]
