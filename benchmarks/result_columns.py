"""What the columns of a results table are made of."""

from scipy.stats import ttest_1samp

from benchmarks.result_files import (
    changes,
    each,
    mean_and_deviation,
    metrics_of,
)

METRICS = ("rank-1", "rank-5", "mAP", "mINP")
LEVELS = ("30-40 %", "40-50 %", "50-60 %", "60-70 %")
HIDDEN_PARTS = ("all parts in sight", "a part wholly hidden")
NUMBERS_HIDDEN = ("1 part hidden", "2 parts hidden")
# What a run measures of the parts of the queries, and how tables call it.
PART_SHARES = {
    "mask_iou": "IoU of the parts",
    "visible_right": "visible parts right",
    "hidden_right": "hidden parts right",
}
TITLES = {"rank-1": "Rank-1", "rank-5": "Rank-5"}


def mean(metric, title=None, decimals=1, unit=""):
    """Column of a mean and its deviation.

    Without `decimals` a figure from 10 on has one, a smaller one two.
    """
    title = TITLES.get(metric, metric) if title is None else title
    return title, lambda row, rows: _mean(row, metric, decimals, unit)


def compared(metric, other, title):
    """Column of a figure, and by how much another one is exceeded by it."""

    def cell(row, rows):
        figure, reference = (
            mean_and_deviation(row, name)[0] for name in (metric, other)
        )
        share = 100 * (figure / reference - 1)
        return f"{figure:,.0f} ({share:+.0f} %)"

    return title, cell


def failed_or(column):
    """The column, or why the run of a row has no figures."""
    title, cell = column
    return title, lambda row, rows: row.get("failed") or cell(row, rows)


def plain(metric, title=None):
    """Column of a mean without its deviation."""
    title = TITLES.get(metric, metric) if title is None else title
    return title, lambda row, rows: _mean(row, metric, spread=False)


def pair(first, second, title, suffix=""):
    """Column of two means, `62.5 / 61.8`."""

    def cell(row, rows):
        cells = [
            _mean(row, metric + suffix, spread=not suffix)
            for metric in (first, second)
        ]
        return " / ".join(cells) if all(cells) else ""

    return title, cell


def of_each_seed(title="mAP of each seed"):
    """Column of the mAP of every seed."""
    return title, lambda row, rows: ", ".join(
        f"{value:.1f}" for value in each(row, "mAP")
    )


def change(other):
    """Column of how mAP differs from another row, seed by seed.

    From three seeds on with the p-value of the paired t-test, two-sided.

    Args:
        other: Name of that row; or a dictionary of such names by row, of
            which a row may lack one.
    """

    def cell(row, rows):
        name = next(key for key, value in rows.items() if value is row)
        compared = other if isinstance(other, str) else other.get(name)
        if compared is None or compared == name:
            return ""
        found = changes(row, rows[compared], compared)
        shown = ", ".join(f"{value:+.1f}" for value in found)
        if len(found) > 2:
            shown += f" (p = {ttest_1samp(found, 0).pvalue:.2g})"
        return shown

    return "change of mAP, seed by seed", cell


def parts(decimals=0):
    """Column of the intersection over union of every part."""
    prefix = "IoU of "

    def cell(row, rows):
        names = [name for name in metrics_of(row) if name.startswith(prefix)]
        return ", ".join(
            f"{name.removeprefix(prefix)} "
            f"{_mean(row, name, decimals, spread=False)}"
            for name in names
        )

    return "IoU of each part", cell


def _mean(row, metric, decimals=1, unit="", spread=True):
    value, deviation = mean_and_deviation(row, metric)
    if value is None:
        return ""
    if decimals is None:
        decimals = 1 if value >= 10 else 2
    shown = f"{value:,.{decimals}f}"
    if spread and deviation is not None:
        shown += f" ± {deviation:.{decimals}f}"
    return shown + unit


# Columns that several tables have.
ACCURACY = tuple(mean(metric) for metric in METRICS)
OF_PARTS = tuple(mean(name, title) for name, title in PART_SHARES.items())
HIDDEN = tuple(mean(f"mAP, {group}") for group in HIDDEN_PARTS)
OF_LEVELS = tuple(mean(f"mAP, {level}", level) for level in LEVELS)
