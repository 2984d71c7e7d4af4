"""Check a data set: counts, files, identities, labels, cameras."""

import argparse
import warnings

from keras_drop.cli import Parser
from keras_drop.datasets import (
    DATA_SETS,
    LABEL_FORMATS,
    check_splits,
    data_set,
    read_csv,
    read_folders,
)

_SHOWN = 10


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
    for split, records in splits.items():
        print(f"{split}: {records}")
    for message in messages:
        print(f"warning (reading): {message}")
    num_images = sum(map(len, splits.values()))
    print(f"Opening {num_images:,} images …", flush=True)
    findings = check_splits(splits, **expected)
    for finding in findings:
        print(f"{finding.level} ({finding.kind}): {finding.message}")
        shown = finding.items if options.all else finding.items[:_SHOWN]
        for item in shown:
            print(f"  {item}")
        if len(shown) < len(finding.items):
            rest = len(finding.items) - len(shown)
            print(f"  … and {rest:,} more; --all lists them")
    levels = [finding.level for finding in findings]
    num_errors = levels.count("error")
    num_warnings = levels.count("warning") + len(messages)
    print(f"{num_errors} errors, {num_warnings} warnings")
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
    options = parser.parse_args(argv)
    if not options.csv and not options.data_dir:
        parser.error("--data_dir is missing: where are the images?")
    return options


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
