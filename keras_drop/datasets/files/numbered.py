"""People and cameras that are called by any text, as numbers."""

import numpy as np


def numbered(names):
    """Numbers for names.

    Whole numbers, in the digits 0 to 9, stay as they are; `"7.0"`, which
    programs write where a value of the column was missing, is 7. If one name
    is none, all are text: each is its place among the sorted ones, from 0;
    `"-1"` stays junk.

    Args:
        names: `(n,)` array of text, none of it empty.

    Returns:
        `(n,)` int64, and whether they were text.

    Example:
    >>> import numpy as np
    >>> from keras_drop.datasets.files.numbered import numbered
    >>> numbered(np.array(["0007", "-1"]))
    (array([ 7, -1]), False)
    >>> numbered(np.array(["bob", "anna", "-1", "bob"]))
    (array([ 1,  0, -1,  1]), True)
    """
    names = np.asarray(names, str)
    whole = [name.removesuffix(".0") for name in names.tolist()]
    try:
        if all(map(is_plain, whole)):
            return np.asarray(whole, str).astype("int64"), False
    except (ValueError, OverflowError):
        pass  # They are text.
    numbers = np.full(len(names), -1)
    known = names != "-1"
    numbers[known] = np.unique(names[known], return_inverse=True)[1]
    return numbers, True


def is_plain(text):
    """Whether a number is written as a table does: Python reads 1_12 as 112.

    Example:
    >>> from keras_drop.datasets.files.numbered import is_plain
    >>> is_plain("1.5e3"), is_plain("1_12")
    (True, False)
    """
    return text.isascii() and "_" not in text
