from collections.abc import Sequence

from keras_drop.evaluation.cards.compare_cards import what_differs
from keras_drop.evaluation.cards.result_card import COLUMNS, NAMES, ResultCard
from keras_drop.evaluation.groups.markdown import markdown_table


def card_table(cards: Sequence[ResultCard]) -> str:
    """Result cards of one protocol as an aligned Markdown table.

    Args:
        cards: List of `ResultCard`.

    Returns:
        String: a line with the protocol, an empty one, and the table. Metrics
        are percentages, with their bootstrap intervals in brackets.

    Raises:
        ValueError: No card, cards of different protocols or confidences, or
            of different re-ranking presets; the message names two of them.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import card_table
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> right, wrong = np.eye(2), np.eye(2)[::-1]
    >>> good = evaluate((right, right), splits, "market1501", model="good")
    >>> bad = evaluate((right, wrong), splits, "market1501", model="bad")
    >>> for line in card_table([good, bad]).split("\\n")[4:]:
    ...     print(line[:61])
    | good  | -    | -    | euclidean, visibility_mean | off    |
    | bad   | -    | -    | euclidean, visibility_mean | off    |
    """
    if not cards:
        raise ValueError("A table needs at least one card; there is none.")
    _check(cards)
    confidence = cards[0].bootstrap.confidence
    rows = [COLUMNS, *(card.markdown_cells() for card in cards)]
    return (
        f"Protocol {cards[0].protocol.name}, "
        f"checksum {cards[0].protocol_checksum[:12]}; in brackets "
        f"{100 * confidence:g} % bootstrap intervals over queries.\n\n"
        f"{markdown_table(rows, len(NAMES))}"
    )


def _check(cards):
    for card in cards[1:]:
        different = what_differs(cards[0], card)
        ours, theirs = (c.bootstrap.confidence for c in (cards[0], card))
        if ours != theirs:
            different.append(f"`confidence` is {ours} and {theirs}")
        if different:
            raise ValueError(
                f"{cards[0].title} and {card.title} do not belong in one "
                f"table: {'; '.join(different)}. Make a table of each."
            )
    presets = sorted({card.rerank for card in cards} - {"off"})
    if len(presets) > 1:
        raise ValueError(
            f"The cards are re-ranked by {' and by '.join(presets)}, which "
            "cannot be compared. Make a table of each."
        )
