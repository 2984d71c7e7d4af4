"""Check a data set: counts, files, identities, labels, cameras."""

import argparse
import json
import warnings
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.datasets import LABEL_FORMATS, Finding, check_splits
from keras_drop.datasets.checking.finding import LEVELS
from keras_drop.datasets.checking.finding_page import findings_page
from keras_drop.datasets.checking.finding_text import (
    findings_content,
    findings_counts,
    findings_text,
)
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)

_SHOWN = 10
_MEND = "Training goes on without what it names; complete it, if it counts."


def main(argv):
    """Looks at every file of a data set and prints what is wrong with it.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        Exit code: 2 if there are errors, 1 if there are warnings and they are
        asked to count, else 0.
    """
    options = _parse(argv)
    splits, expected, messages = _read(options)
    summary = [f"{split}: {records}" for split, records in splits.items()]
    as_text = options.format == "text"
    if as_text:
        num_images = sum(map(len, splits.values()))
        print("\n".join(summary))
        print(f"Opening {num_images:,} images …", flush=True)
    findings = sorted(
        [
            *(Finding("warning", "reading", text, _MEND) for text in messages),
            *check_splits(splits, **expected),
        ],
        key=lambda finding: LEVELS.index(finding.level),
    )
    if as_text:
        text = findings_text(findings, None if options.all else _SHOWN)
        # A file name may be no text in UTF-8.
        print(text.encode("utf-8", "backslashreplace").decode())
    else:
        content = {"splits": summary, **findings_content(findings)}
        print(json.dumps(content, indent=2))
    if options.html:
        options.html.parent.mkdir(parents=True, exist_ok=True)
        page = findings_page(findings, summary)
        options.html.write_text(page, "utf-8", "backslashreplace")
    num_errors, num_warnings, _ = findings_counts(findings)
    if num_errors:
        return 2
    return 1 if num_warnings and options.strict else 0


def _parse(argv):
    parser = Parser("check", __doc__)
    parser.add_data()
    parser.add_argument("--parsing_dir", help="folder of its parsing labels")
    parser.add_argument("--label_format", help=", ".join(LABEL_FORMATS))
    parser.add_argument(
        "--strict_counts",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="check the numbers of images and identities (default: yes)",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 on warnings"
    )
    parser.add_argument("--all", action="store_true", help="list every file")
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="of what is printed; json lists every file (default: text)",
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="also write a page with small pictures of what is wrong",
    )
    options = parser.parse_args(argv)
    options.source = parser.data_source(options)
    if not options.source.known and not options.strict_counts:
        parser.error(
            "--no-strict_counts does nothing for your own data: leave it out"
        )
    if options.label_format:
        find_label_format(options.label_format)  # Refuses another one.
    if options.all and options.format == "json":
        parser.error("--all does nothing with --format=json: leave it out")
    return options


def _read(options):
    """Splits, what `check_splits` is told of them, and warnings."""
    source = options.source
    expected = {"label_format": options.label_format}
    # Of own data a folder is read by the ending, a table has either kind.
    if source.known or source.built:
        expected["label_format"] = options.label_format or source.label_format
        expected["shared_numbers"] = source.known.shared_numbers
    if source.known and options.strict_counts:
        expected["counts"] = source.known.counts
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # These images are listed one by one below.
        warnings.filterwarnings("ignore", ".* have no parsing label")
        splits = source.read(options.parsing_dir, options.label_format)
    return splits, expected, [str(w.message) for w in caught]
