import csv
import dataclasses
import importlib.resources
from collections.abc import Sequence

from keras_drop.checks import checked_choice

MARKS = {
    "P": "printed by the authors",
    "R": "reported by others",
    "U": "unverified: check the paper before you quote it",
}
"""What the mark of a `PublishedResult` says about where it was read."""
VERIFIED = ("P", "R")
"""The marks that are shown where none are asked for."""


@dataclasses.dataclass(frozen=True)
class PublishedResult:
    """One published line: a method on a data set.

    Args:
        method: Its name, and what is particular, as `"DROP"`.
        protocol: Name of the `Protocol`, or of a data set that is not known
            here.
        image_size: As `"384x128"`; empty where it is not told.
        average_precision: As of `Protocol`.
        rerank: Re-ranking preset; `"unknown"` where one was used that is not
            told.
        rank_1: Percent, or `None`.
        mean_average_precision: Percent, or `None`.
        mark: One of `MARKS`.
        source: Where it stands.

    Example:
    >>> from keras_drop.evaluation import published_results
    >>> best = published_results("occluded_duke", marks=("P",))[0]
    >>> best.method, best.rank_1
    ('KPR + SOLIDER', 84.25)
    """

    method: str
    protocol: str
    image_size: str
    average_precision: str
    rerank: str
    rank_1: float | None
    mean_average_precision: float | None
    mark: str
    source: str


def published_results(
    protocol: str | None = None, marks: Sequence[str] = VERIFIED
) -> list[PublishedResult]:
    """Published results, those with the highest mAP first.

    None of them was measured by this library.

    Args:
        protocol: Name of a protocol, such as `"occluded_reid_single_shot"`;
            left out, those of all.
        marks: Which `MARKS` are wanted.

    Returns:
        List of `PublishedResult`; of equal mAP and of none, by Rank-1.

    Raises:
        ValueError: An unknown mark, or a protocol of which nothing is known;
            the message lists those there are.

    Example:
    >>> from keras_drop.evaluation import published_results
    >>> [result.image_size for result in published_results("occluded_duke")
    ...     if result.method == "DROP"]
    ['384x128', '256x128']
    """
    for mark in marks:
        checked_choice("marks", mark, MARKS)
    every = _read()
    if protocol is not None:
        known = dict.fromkeys(result.protocol for result in every)
        checked_choice("protocol", protocol, known)
        every = [result for result in every if result.protocol == protocol]
    return sorted((r for r in every if r.mark in marks), key=_best_first)


def _read():
    file = importlib.resources.files(__package__) / "results.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            PublishedResult(
                **{
                    name: _percent(text) if name in _PERCENT else text
                    for name, text in row.items()
                }
            )
            for row in csv.DictReader(lines)
        ]


_PERCENT = ("rank_1", "mean_average_precision")


def _percent(text):
    return float(text) if text else None


def _best_first(result):
    return (
        -(result.mean_average_precision or 0.0),
        -(result.rank_1 or 0.0),
        result.method,
    )
