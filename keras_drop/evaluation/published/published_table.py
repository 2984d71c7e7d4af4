from collections.abc import Sequence

from keras_drop.checks import checked_choice
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.groups.markdown import markdown_table
from keras_drop.evaluation.published.published_results import (
    MARKS,
    VERIFIED,
    published_results,
)

_NAMES = ("method", "size", "mark", "source")


def published_table(
    protocol: str,
    card: ResultCard | None = None,
    marks: Sequence[str] = VERIFIED,
    compare_protocol: str = "strict",
) -> str:
    """Published results of a protocol as a Markdown table, beside one's own.

    Args:
        protocol: Name of a protocol, such as `"occluded_duke"`.
        card: `ResultCard` to compare with them; left out, none.
        marks: Which `MARKS` are shown.
        compare_protocol: `"strict"`: a line that was not counted as the card
            was has no difference. `"warn"`: it has one, and a note says what
            differs: the protocol, the average precision or the re-ranking.

    Returns:
        String: the table and what its marks mean. Percentages; differences
        are in points.

    Raises:
        ValueError: As of `published_results`; an unknown `compare_protocol`.

    Example:
    >>> from keras_drop.evaluation import published_table
    >>> table = published_table("partial_ilids_19", marks=("P",))
    >>> for line in table.splitlines()[2:4]:
    ...     print(line[:20] + line[-16:])
    | HPNet            |   72.0 | 58.9 |
    | HPNet's baseline |   53.2 | 44.4 |
    """
    checked_choice("compare_protocol", compare_protocol, ("strict", "warn"))
    results = published_results(protocol, marks)
    rows = [_cells(result, card, compare_protocol) for result in results]
    names, numbers = list(_NAMES), ["Rank-1", "mAP"]
    if card is not None:
        names.append("counted otherwise")
        numbers += ["ours - Rank-1", "ours - mAP"]
        rows.insert(0, _own(card))
    table = markdown_table([names + numbers, *rows], len(names))
    shown = "; ".join(f"{mark}: {MARKS[mark]}" for mark in marks)
    return f"{table}\n\n{shown}."


def _own(card):
    size = card.model.image_size
    shown = "x".join(map(str, size)) if size else "-"
    metrics = (card.metrics["rank-1"], card.metrics["mAP"])
    numbers = [f"{100 * value:.1f}" for value in metrics]
    return [card.title, shown, "", "this result", "", *numbers, "", ""]


def _cells(result, card, compare_protocol):
    published = (result.rank_1, result.mean_average_precision)
    names = [
        result.method,
        result.image_size or "-",
        result.mark,
        result.source,
    ]
    numbers = [_number(value) for value in published]
    if card is None:
        return names + numbers
    otherwise = [
        f"{name} {theirs}"
        for name, ours, theirs in (
            ("protocol", card.protocol.name, result.protocol),
            ("AP", card.protocol.average_precision, result.average_precision),
            ("re-ranking", card.rerank, result.rerank),
        )
        if ours != theirs
    ]
    ours = (card.metrics["rank-1"], card.metrics["mAP"])
    hidden = otherwise and compare_protocol == "strict"
    differences = [
        "-" if hidden or value is None else f"{100 * own - value:+.1f}"
        for own, value in zip(ours, published)
    ]
    return [*names, ", ".join(otherwise), *numbers, *differences]


def _number(value):
    """As it is printed, with one decimal or two."""
    if value is None:
        return "-"
    return f"{value:.1f}" if value == round(value, 1) else f"{value:.2f}"
