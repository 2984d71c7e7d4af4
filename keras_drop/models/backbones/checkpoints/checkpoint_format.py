"""`CheckpointFormat`: how the public checkpoints of a backbone are read."""

import dataclasses
from collections.abc import Callable


def _as_they_are(arrays):
    return arrays


def _any_file(arrays, path):
    """Refuses no file."""


@dataclasses.dataclass(frozen=True)
class CheckpointFormat:
    """How the public checkpoints of a class of backbones are read.

    Args:
        backbone_class: The class.
        weights: From a backbone and the `Path` of the file to the dictionary
            from every name that the file has to have to its `PublicWeight`,
            from input to output.
        unused: What the other names in a file begin with, such as those of a
            classifier on top of the features.
        refuse: Of the arrays by name and the path: raises a `ValueError` for
            a file that is known not to do, with advice.
        prepare: From the arrays by name, as the file has them, to those by
            the names of `weights`.
    """

    backbone_class: type
    weights: Callable
    unused: tuple[str, ...]
    refuse: Callable = _any_file
    prepare: Callable = _as_they_are
