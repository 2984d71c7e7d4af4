"""What the check of a data set reports."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that `check_splits` found.

    Args:
        level: `"error"`, `"warning"`, or `"note"` for what belongs to the
            data set.
        kind: Short name, such as `"unreadable"`.
        message: What it is and what to do.
        items: The files or identities it is about.

    Example:
    >>> from keras_drop.datasets import Finding
    >>> Finding("error", "unreadable", "1 file is broken.", ("a.jpg",)).kind
    'unreadable'
    """

    level: str
    kind: str
    message: str
    items: tuple = ()
