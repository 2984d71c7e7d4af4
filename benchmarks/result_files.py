"""Measured figures as files: what pages show and benchmarks write.

A file of `benchmarks/results` holds how it was measured, and rows by name. A
row has what each seed gave, or, of figures of which no more was kept, the mean
and the sample deviation over the seeds (`null` where it is one run):

    {"measured": "the command and its conditions",
     "rows": {"DROP": {"seeds": {"1": {"mAP": 55.7}},
                       "mean": {"mINP": [30.9, 2.4]}}}}

Shares are in percent. A row that was measured otherwise than the others says
so itself, by a `"measured"` of its own.
"""

import json
import math
import re
import statistics
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def read_rows(name):
    """Rows of a file of `benchmarks/results`."""
    return json.loads((RESULTS / f"{name}.json").read_text())["rows"]


def write_rows(path, measured, rows):
    """Writes rows, beside those that the file has under other names.

    Args:
        path: JSON file of the form above; new or there already.
        measured: The command and its conditions. Where the file has others,
            these stand in the new rows.
        rows: Dictionary of rows by name.
    """
    path = Path(path)
    content = {"measured": measured, "rows": {}}
    if path.exists():
        content = json.loads(path.read_text())
    if measured != content["measured"]:
        rows = {k: {"measured": measured, **row} for k, row in rows.items()}
    content["rows"].update(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(content))


def as_text(content):
    """JSON with a line for each figure, so that a change is one line."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    pair = r"\[\n[^\[\]{}]*\n *\]"
    text = re.sub(pair, lambda found: " ".join(found[0].split()), text)
    text = text.replace("[ ", "[").replace(" ]", "]")
    return re.sub(r'\{\n *("[^"\n]*": [\d.]+)\n *\}', r"{\1}", text) + "\n"


def one_run(figures, decimals=2):
    """A row of one run, whose figures have no deviation.

    Example:
    >>> one_run({"seconds": 1.8249})
    {'mean': {'seconds': [1.82, None]}}
    """
    return {
        "mean": {
            name: [round(float(figure), decimals), None]
            for name, figure in figures.items()
        }
    }


def row_of(metrics_of_seeds):
    """A row from the shares that each seed gave.

    Args:
        metrics_of_seeds: Dictionary of seeds, each with a dictionary of
            shares from 0 to 1 by metric. What is not a number, such as the
            overlap of a part that nobody shows, is left out.

    Example:
    >>> row_of({"1": {"mAP": 0.5569}})
    {'seeds': {'1': {'mAP': 55.69}}}
    """
    return {
        "seeds": {
            seed: {
                name: round(100 * float(x), 2)
                for name, x in metrics.items()
                if not math.isnan(x)
            }
            for seed, metrics in metrics_of_seeds.items()
        }
    }


def mean_and_deviation(row, metric):
    """Mean and sample deviation over the seeds; `None` for one that is unknown.

    A mean that was kept goes before one of rounded figures.
    """
    if metric in row.get("mean", {}):
        return tuple(row["mean"][metric])
    values = each(row, metric)
    if not values:
        return None, None
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return statistics.fmean(values), deviation


def metrics_of(row):
    """Names of the figures of a row, in their order."""
    seeds = row.get("seeds", {}).values()
    return list(
        dict.fromkeys(
            name for one in (row.get("mean", {}), *seeds) for name in one
        )
    )


def each(row, metric):
    """What each seed gave, in the order of the seeds; empty if not kept."""
    return list(_of_seeds(row, metric).values())


def changes(row, other, name):
    """By how much mAP differs from that of another row, in their common seeds.

    Args:
        row: The row.
        other: The other one.
        name: Name of the other: kept changes stand under it.
    """
    kept = row.get("changes", {}).get(name)
    if kept:
        return kept
    ours, others = (_of_seeds(one, "mAP") for one in (row, other))
    return [ours[seed] - others[seed] for seed in ours if seed in others]


def _of_seeds(row, metric):
    """What each seed gave, by seed, in their order."""
    return {
        seed: figures[metric]
        for seed, figures in row.get("seeds", {}).items()
        if metric in figures
    }
