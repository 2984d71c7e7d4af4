"""What the check of a data set reports."""

import dataclasses

LEVELS = ("error", "warning", "note")
"""What a `Finding` may be, the worst first."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that `check_splits` found.

    Args:
        level: `"error"`; `"warning"`; or `"note"` for what belongs to the
            data set, or is handled.
        kind: Short name, such as `"unreadable"`.
        message: What it is.
        mend: What to do about it.
        items: What it is about: files, pairs of files that belong together,
            or identities.

    Example:
    >>> from keras_drop.datasets import Finding
    >>> finding = Finding(
    ...     "error", "unreadable", "1 file is cut off.", "Copy it.", ("a.jpg",))
    >>> finding.as_dict()["items"]
    ['a.jpg']
    """

    level: str
    kind: str
    message: str
    mend: str
    items: tuple = ()

    def lines(self):
        """One line for every item, a pair in one."""
        return [
            " = ".join(item) if isinstance(item, tuple) else str(item)
            for item in self.items
        ]

    def as_dict(self):
        """The fields as JSON knows them."""
        return {
            **dataclasses.asdict(self),
            "items": [
                list(item) if isinstance(item, tuple) else item
                for item in self.items
            ],
        }


def called(records):
    """What the people of `Records` are called: by name, if they have names.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.datasets.checking.finding import called
    >>> called(Records(["a.jpg"], [0], [0], identity_names=["zoë"])).tolist()
    ['zoë']
    """
    return getattr(records, "identity_names", records.identities)
