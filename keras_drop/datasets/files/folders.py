"""Which data set a file name or a folder looks like, for error messages."""

import re

from keras_drop.datasets.data_set import DATA_SETS


def describe_name(name):
    """ " This looks like ...", or nothing.

    Example:
    >>> from keras_drop.datasets.files.folders import describe_name
    >>> describe_name("0002_c1s1_000451_03.jpg")
    ' This one looks like Market-1501.'
    """
    titles = [
        known.title
        for known in DATA_SETS.values()
        if re.fullmatch(known.names.pattern, name, re.IGNORECASE)
    ]
    return f" This one looks like {_any_of(titles)}." if titles else ""


def describe_folder(folder):
    """ " It looks like ..., as it has ...", or nothing.

    Args:
        folder: `pathlib.Path` of an existing folder.
    """
    present = {path.name.lower() for path in folder.iterdir()}
    fitting = [
        (known.title, known.signs & present)
        for known in DATA_SETS.values()
        if known.folders <= present
    ]
    # Others may have some of the same folders, and no list.
    most = max((len(signs) for _, signs in fitting), default=0)
    best = [fit for fit in fitting if len(fit[1]) == most]
    if not best:
        return ""
    signs = sorted(set().union(*(signs for _, signs in best)))
    return (
        f" It looks like {_any_of([title for title, _ in best])}, as it has "
        f"{' and '.join(signs)}."
    )


def _any_of(titles):
    *others, last = dict.fromkeys(titles)
    return f"{', '.join(others)} or {last}" if others else last
