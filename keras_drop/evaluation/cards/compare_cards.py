import dataclasses

import numpy as np

from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.groups.bootstrap import Bootstrap, paired_differences


@dataclasses.dataclass(frozen=True)
class CardComparison:
    """By how much the metrics of a card exceed those of another.

    `str` of it is a table, in percentage points.

    Args:
        card: `ResultCard`.
        other: `ResultCard` that is subtracted from it.
        differences: Dictionary from each metric to the tuple of difference,
            low and high end of its interval.
        confidence: Share of the paired draws within an interval.
    """

    card: object
    other: object
    differences: dict
    confidence: float

    def __str__(self):
        lines = [
            f"{self.card.title} minus {self.other.title}, in points, with "
            f"{100 * self.confidence:g} % paired bootstrap intervals over "
            f"{self.card.result.counted.sum()} queries:"
        ]
        for name, values in self.differences.items():
            mean, low, high = (100 * value for value in values)
            verdict = "" if low > 0 or high < 0 else "  not told apart"
            lines.append(
                f"{name:>7}  {mean:+6.1f}  [{low:+.1f}, {high:+.1f}]{verdict}"
            )
        return "\n".join(lines)


def compare_cards(
    card: ResultCard, other: ResultCard, *, bootstrap: Bootstrap = Bootstrap()
) -> CardComparison:
    """Compares two results on the same queries, if they may be compared.

    Args:
        card: `ResultCard`.
        other: `ResultCard` that is subtracted from it.
        bootstrap: `Bootstrap`: how pairs of queries are drawn.

    Returns:
        `CardComparison`: `differences` of each metric, with its interval.

    Raises:
        ValueError: Cards of different protocols, lists of files, average
            precisions, tie rules or re-ranking presets; the message tells
            what differs.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import compare_cards
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> right, wrong = np.eye(2), np.eye(2)[::-1]
    >>> good = evaluate((right, right), splits, "market1501", model="good")
    >>> bad = evaluate((right, wrong), splits, "market1501", model="bad")
    >>> compare_cards(good, bad).differences["mAP"]
    (0.5, 0.5, 0.5)

    Reference:
        [Efron and Tibshirani, 1993](https://doi.org/10.1201/9780429246593)
    """
    different = what_differs(card, other)
    if card.rerank != other.rerank:
        different.append(f"`rerank` is {card.rerank!r} and {other.rerank!r}")
    if different:
        raise ValueError(
            f"{card.title} and {other.title} cannot be compared: "
            f"{'; '.join(different)}. Evaluate both alike."
        )
    differences = paired_differences(
        _in_order(card), _in_order(other), bootstrap=bootstrap
    )
    return CardComparison(card, other, differences, bootstrap.confidence)


def what_differs(card, other):
    """List of what differs in the protocols of two cards, in words."""
    if card.protocol_checksum == other.protocol_checksum:
        return []
    ours, theirs = card.protocol.effective(), other.protocol.effective()
    different = [
        f"`{name}` is {ours.get(name)!r} and {theirs.get(name)!r}"
        for name in {**ours, **theirs}
        if ours.get(name) != theirs.get(name)
    ]
    if different:
        return different
    sizes = [
        f"{counts['queries']} queries and {counts['gallery']} gallery images"
        for counts in (card.counts, other.counts)
    ]
    return [f"they are evaluated on other files, {' and on '.join(sizes)}"]


def _in_order(card):
    """The result with its queries in the order of their file names."""
    fields = {
        field.name: getattr(card.result, field.name)
        for field in dataclasses.fields(card.result)
    }
    return dataclasses.replace(
        card.result,
        **{
            name: values[card.query_order]
            for name, values in fields.items()
            if isinstance(values, np.ndarray)
        },
    )
