from keras_drop.evaluation.cards.compare_cards import what_differs
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.groups.markdown import markdown_table


def severity_curve(
    cards: dict[str, dict[str, ResultCard]], metric: str = "mAP"
) -> dict:
    """How a metric falls as more of the people is hidden.

    Made for the severities of the embedded pedestrians, whose sets differ in
    nothing but the obstacles. `visualization.save_curves` draws it.

    Args:
        cards: Dictionary from each method to a dictionary from each severity,
            in their order, to its `ResultCard`.
        metric: Name of the metric, such as `"mAP"` or `"rank-1"`.

    Returns:
        Dictionary like `cards`, with the tuple of value, low and high end of
        its bootstrap interval in place of each card.

    Raises:
        ValueError: Methods with other severities, protocols or files, or an
            unknown metric.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import severity_curve
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> right, wrong = np.eye(2), np.eye(2)[::-1]
    >>> good = evaluate((right, right), splits, "market1501", model="m")
    >>> bad = evaluate((right, wrong), splits, "market1501", model="m")
    >>> severity_curve({"DROP": {"none": good, "heavy": bad}})
    {'DROP': {'none': (1.0, 1.0, 1.0), 'heavy': (0.5, 0.5, 0.5)}}
    """
    _check(cards)
    for row in cards.values():
        for card in row.values():
            if metric not in card.metrics:
                raise ValueError(
                    f"The card of {card.title} has no metric {metric!r}; it "
                    f"has {', '.join(card.metrics)}."
                )
    return {
        method: {
            severity: (card.metrics[metric], *card.intervals[metric])
            for severity, card in row.items()
        }
        for method, row in cards.items()
    }


def severity_table(
    cards: dict[str, dict[str, ResultCard]], metric: str = "mAP"
) -> str:
    """`severity_curve` as an aligned Markdown table, in percent.

    Args:
        cards: As in `severity_curve`.
        metric: As in `severity_curve`.

    Returns:
        String: a row for each method, a column for each severity.

    Raises:
        ValueError: As `severity_curve`.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import severity_table
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> right, wrong = np.eye(2), np.eye(2)[::-1]
    >>> good = evaluate((right, right), splits, "market1501", model="m")
    >>> bad = evaluate((right, wrong), splits, "market1501", model="m")
    >>> print(severity_table({"DROP": {"none": good, "heavy": bad}}))
    | mAP  |                 none |             heavy |
    | :--- | -------------------: | ----------------: |
    | DROP | 100.0 [100.0, 100.0] | 50.0 [50.0, 50.0] |
    """
    rows = [[metric, *next(iter(cards.values()), {})]]
    for method, row in severity_curve(cards, metric).items():
        cells = (
            f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"
            for value, low, high in row.values()
        )
        rows.append([method, *cells])
    return markdown_table(rows, 1)


def _check(cards):
    if not cards or not all(cards.values()):
        raise ValueError(
            "A curve needs at least one method with at least one severity."
        )
    first, *others = cards.items()
    for method, row in others:
        if list(row) != list(first[1]):
            raise ValueError(
                f"{first[0]} has the severities {', '.join(first[1])}, "
                f"{method} has {', '.join(row)}. Give all the same, in order."
            )
        for severity, card in row.items():
            different = what_differs(first[1][severity], card)
            if different:
                raise ValueError(
                    f"{first[0]} and {method} differ at the severity "
                    f"{severity}: {'; '.join(different)}."
                )
    fields = {
        severity: card.protocol.effective()
        for severity, card in first[1].items()
    }
    start, *rest = fields.items()
    for severity, protocol in rest:
        if protocol != start[1]:
            raise ValueError(
                f"The protocols of the severities {start[0]} and {severity} "
                "differ in more than their images. Evaluate both alike."
            )
