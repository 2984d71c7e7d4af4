"""Findings as lines to read, and as what JSON knows."""

from keras_drop.datasets.checking.finding import LEVELS


def findings_text(findings, shown=None):
    """One line for each finding, what to do, and what it is about.

    Args:
        findings: List of `Finding`.
        shown: How many files of each; `None` for all.

    Returns:
        Text of several lines, with the number of errors and warnings at last.

    Example:
    >>> from keras_drop.datasets import Finding
    >>> from keras_drop.datasets.checking.finding_text import findings_text
    >>> finding = Finding("note", "grey", "2 are.", "Look.", ("a", "b"))
    >>> print(findings_text([finding], shown=1))
    note (grey): 2 are.
      To do: Look.
      a
      … and 1 more; --all lists them
    0 errors, 0 warnings
    """
    text = []
    for finding in findings:
        lines = finding.lines()
        text += [
            f"{finding.level} ({finding.kind}): {finding.message}",
            f"  To do: {finding.mend}",
            *(f"  {line}" for line in lines[:shown]),
        ]
        if shown is not None and len(lines) > shown:
            rest = len(lines) - shown
            text.append(f"  … and {rest:,} more; --all lists them")
    errors, warnings, _ = findings_counts(findings)
    return "\n".join([*text, f"{errors} errors, {warnings} warnings"])


def findings_content(findings):
    """Dictionary of the numbers of errors, warnings, notes, and of all."""
    counts = zip(("errors", "warnings", "notes"), findings_counts(findings))
    return {**dict(counts), "findings": [f.as_dict() for f in findings]}


def findings_counts(findings):
    """How many there are of each of `LEVELS`."""
    levels = [finding.level for finding in findings]
    return [levels.count(level) for level in LEVELS]
