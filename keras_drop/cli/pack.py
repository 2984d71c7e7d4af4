"""Pack a data set into a few large files, for slow or shared storage."""

from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.datasets import LABEL_FORMATS, pack, verify_packed

_EPILOG = """\
A run that was stopped goes on where it was. Packed data is data for every other
command: of a known data set by its name, of own data by its table.

examples:
  keras-drop pack --data=occluded_duke:Occluded_Duke --output=packed
  keras-drop train --model=global_baseline --data=occluded_duke:packed
  keras-drop pack --data=shop.csv --output=packed_shop
  keras-drop check --data=packed_shop/images.csv
  keras-drop pack --verify=packed
"""


def main(argv):
    """Packs a data set, or compares a packed one with its checksums.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        Exit code: 2 if a packed file is missing or was changed, else 0.
    """
    options = _parse(argv)
    if options.verify:
        wrong = verify_packed(options.verify)
        for name in wrong:
            print(f"{options.verify / name} is missing, or not as it was.")
        if not wrong:
            print(f"{options.verify} is as it was written.")
        return 2 if wrong else 0
    source = options.source
    splits = source.read(options.parsing_dir, options.label_format)
    for split, records in splits.items():
        print(f"{split}: {records}", flush=True)
    name = source.name if source.known else ""
    table = pack(splits, options.output, name, options.files_each)
    use = f"{source.name}:{options.output}" if source.known else table
    print(f"Packed. Read it by --data={use}")
    return 0


def _parse(argv):
    parser = Parser("pack", __doc__, _EPILOG)
    parser.add_data(required=False)
    parser.add_argument("--parsing_dir", help="folder of its parsing labels")
    parser.add_argument(
        "--label_format", default="", help=", ".join(LABEL_FORMATS)
    )
    parser.add_argument("--output", type=Path, help="folder to pack it to")
    parser.add_argument(
        "--files_each",
        type=int,
        default=4096,
        help="files in a packed one (default: %(default)s)",
    )
    parser.add_argument(
        "--verify",
        type=Path,
        metavar="FOLDER",
        help="compare what was packed there with its checksums; nothing else",
    )
    options = parser.parse_args(argv)
    if options.verify:
        given = [flag for flag in ("data", "output") if getattr(options, flag)]
        if given:
            parser.error(f"--{given[0]} does nothing with --verify: leave it")
        return options
    for flag in ("data", "output"):
        if not getattr(options, flag):
            parser.error(f"--{flag} is missing")
    if options.label_format and not options.parsing_dir:
        parser.error("--label_format is of --parsing_dir, which is missing")
    options.source = parser.data_source(options)
    return options
