"""Check a data set: counts, files, identities, labels, cameras."""

import argparse
import json
import warnings
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.datasets import (
    DATA_SETS,
    LABEL_FORMATS,
    Finding,
    check_splits,
    data_set,
    read_csv,
    read_folders,
)
from keras_drop.datasets.checking.finding import LEVELS
from keras_drop.datasets.checking.finding_page import findings_page
from keras_drop.datasets.checking.finding_text import (
    findings_content,
    findings_counts,
    findings_text,
)

_SHOWN = 10
_MEND = "Training goes on without what it names; complete it, if it counts."
# Which ways to name the data look at a flag.
_ONLY_WITH = {
    "data_dir": ("data_set", "pattern"),
    "parsing_dir": ("data_set", "pattern"),
    "strict_counts": ("data_set",),
    "folders": ("pattern",),
    "camera_mode": ("csv", "pattern"),
}


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
        print(findings_text(findings, None if options.all else _SHOWN))
    else:
        content = {"splits": summary, **findings_content(findings)}
        print(json.dumps(content, indent=2))
    if options.html:
        options.html.parent.mkdir(parents=True, exist_ok=True)
        options.html.write_text(findings_page(findings, summary), "utf-8")
    num_errors, num_warnings, _ = findings_counts(findings)
    if num_errors:
        return 2
    return 1 if num_warnings and options.strict else 0


def _parse(argv):
    parser = Parser(
        "check",
        f"{__doc__} A known data set needs --data_set\nand --data_dir; your "
        "own one --csv, or --data_dir and --pattern.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data_set", help=f"one of {', '.join(DATA_SETS)}")
    what.add_argument(
        "--csv", help="list of images: columns path, pid, camid, split, mask"
    )
    what.add_argument(
        "--pattern",
        help="regular expression of a file name, with the groups identity and "
        "camera",
    )
    parser.add_argument("--data_dir", help="folder of the data set")
    parser.add_argument("--parsing_dir", help="folder of its parsing labels")
    parser.add_argument("--label_format", help=", ".join(LABEL_FORMATS))
    parser.add_argument(
        "--strict_counts",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="check the numbers of images and identities (default: yes)",
    )
    parser.add_argument(
        "--folders",
        default="train,query,gallery",
        help="with --pattern, the folders of the splits, empty for one there "
        "is not (default: %(default)s)",
    )
    parser.add_argument(
        "--camera_mode",
        choices=("real", "none"),
        default="real",
        help="of your own images; none: cameras are unknown",
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
    if not options.csv and not options.data_dir:
        parser.error("--data_dir is missing: where are the images?")
    _refuse_what_does_nothing(parser, options)
    return options


def _refuse_what_does_nothing(parser, options):
    """A flag that is not looked at is a misunderstanding."""
    given = "csv" if options.csv else "data_set"
    given = "pattern" if options.pattern else given
    useless = [
        flag
        for flag, of in _ONLY_WITH.items()
        if given not in of
        and getattr(options, flag) != parser.get_default(flag)
    ]
    if useless:
        parser.error(
            f"--{useless[0]} does nothing with --{given}: leave it out"
        )
    if options.all and options.format == "json":
        parser.error("--all does nothing with --format=json: leave it out")


def _read(options):
    """Splits, what `check_splits` is told of them, and warnings."""
    expected = {"label_format": options.label_format}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # These images are listed one by one below.
        warnings.filterwarnings("ignore", ".* have no parsing label")
        if options.csv:
            splits = read_csv(options.csv, options.camera_mode)
        elif options.data_set:
            known = data_set(options.data_set)
            expected["label_format"] = (
                options.label_format or known.label_format
            )
            if options.strict_counts:
                expected["counts"] = known.counts
            expected["shared_numbers"] = known.shared_numbers
            splits = known.read(
                options.data_dir,
                options.parsing_dir,
                expected["label_format"],
            )
        else:
            splits = read_folders(
                options.data_dir,
                options.pattern,
                options.folders.split(","),
                options.parsing_dir,
                options.label_format or "pifpaf36",
                options.camera_mode,
            )
    return splits, expected, [str(w.message) for w in caught]
