"""People and cameras that are called by any text, as numbers."""

import numpy as np


def numbered(names):
    """Numbers for names.

    Whole numbers stay as they are. If one name is none, all are text: each is
    its place among the sorted ones, from 0; `"-1"` stays junk.

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
    try:
        return names.astype("int64"), False
    except (ValueError, OverflowError):
        numbers = np.full(len(names), -1)
        known = names != "-1"
        numbers[known] = np.unique(names[known], return_inverse=True)[1]
        return numbers, True
