"""`keras-drop COMMAND …`: the commands, one file each in `cli/`."""

import ast
import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path

from keras_drop import cli
from keras_drop.checks import checked_choice
from keras_drop.missing_backend import refuse_missing_backend
from keras_drop.quietly import quietly


def main(argv=None):
    """Runs the command that the first word names.

    A mistake in the input is one line on the error output and exit code 2.

    Args:
        argv: Strings, the command and its options; left out, those that the
            program was started with.

    Returns:
        Exit code, 0 where all is well.
    """
    argv = sys.argv[1:] if argv is None else argv
    verbs = [module.name for module in pkgutil.iter_modules(cli.__path__)]
    if not argv or argv[0] in ("-h", "--help"):
        print(_help(verbs))
        return 0 if argv else 2
    verb, *options = argv
    return cli.run_command(lambda given: _command(verb, verbs)(given), options)


def _command(verb, verbs):
    checked_choice("command", verb, verbs)
    refuse_missing_backend()
    with quietly():
        return importlib.import_module(f"keras_drop.cli.{verb}").main


def _help(verbs):
    lines = [
        "usage: keras-drop COMMAND [options]",
        "",
        "Commands; COMMAND --help tells their options:",
    ]
    width = max(map(len, verbs))
    lines += [f"  {verb:<{width}}  {_summary(verb)}" for verb in verbs]
    return "\n".join(lines)


def _summary(verb):
    """First line of a command's docstring; to import it may take seconds."""
    place = importlib.util.find_spec(f"keras_drop.cli.{verb}").origin
    source = Path(place).read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
