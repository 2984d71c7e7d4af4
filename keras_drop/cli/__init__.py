"""Commands of `python -m keras_drop`: one file each, with `main(argv)`.

`main` takes the options as a list of strings and returns the exit code; the
first line of the file's docstring is its line in `--help`. What it raises as
`OSError` or `ValueError` is shown to the user as one line.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from keras_drop.datasets.data_source import DataSource
from keras_drop.datasets.data_sources import data_sources
from keras_drop.datasets.own_data import OwnData


def run_command(main, argv):
    """Runs a command; a mistake in its input is one line and exit code 2.

    Args:
        main: Function of a list of strings that returns an exit code.
        argv: The strings.

    Returns:
        Exit code.
    """
    try:
        return main(argv)
    except (OSError, ValueError, ImportError) as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        return 2


class Parser(argparse.ArgumentParser):
    """Options of a command: no abbreviations, a mistake is a `ValueError`.

    Args:
        verb: The command.
        description: What it does, for `--help`.
        epilog: Shown below the options, as it is.

    Example:
    >>> from keras_drop.cli import Parser
    >>> parser = Parser("greet", "Says hello.")
    >>> _ = parser.add_argument("--name", required=True)
    >>> parser.parse_args(["--name=you"]).name
    'you'
    """

    def __init__(self, verb, description, epilog=None):
        super().__init__(
            prog=f"keras-drop {verb}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def add_data(self, required=True):
        """Adds `--data` and the options of a table or folder of one's own."""
        self.add_argument(
            "--data",
            required=required,
            help="NAME:FOLDER, a known data set; TABLE.csv or .parquet; "
            "FOLDER, with --pattern; or tfds:NAME",
        )
        for field in dataclasses.fields(OwnData):
            self.add_argument(
                f"--{field.name}", help=f"{field.metadata['help']}"
            )

    def data_source(self, options):
        """The `DataSource` of parsed options, `None` without `--data`."""
        own = {
            field.name: getattr(options, field.name)
            for field in dataclasses.fields(OwnData)
        }
        own = {name: value for name, value in own.items() if value is not None}
        if options.data is None:
            # Embeddings have a camera mode too.
            for name in sorted(set(own) - {"camera_mode"}):
                self.error(f"--{name} is for --data, which is missing")
            return None
        if _are_several(options.data):
            self.error(
                f"--data={options.data} are several data sets; give one, and "
                "run this for each"
            )
        for name in {"folders", "columns"} & set(own):
            own[name] = tuple(own[name].split(","))
        return DataSource(options.data, OwnData(**own))

    def error(self, message):
        raise ValueError(f"{message}. `{self.prog} --help` tells the options.")


def _are_several(data):
    """Whether a text names several data sets, and no file with a comma."""
    if "," not in data or Path(data).exists():
        return False
    try:
        return bool(data_sources(data))
    except ValueError:
        return False
