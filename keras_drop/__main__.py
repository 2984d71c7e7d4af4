"""`python -m keras_drop VERB …`: the commands, one file each in `cli/`."""

import importlib
import pkgutil
import sys

from keras_drop import cli


def main(argv):
    """Runs the command that the first word names.

    A mistake in the input is one line on the error output and exit code 2.

    Args:
        argv: Strings, the command and its options.

    Returns:
        Exit code, 0 where all is well.
    """
    verbs = [module.name for module in pkgutil.iter_modules(cli.__path__)]
    if not argv or argv[0] in ("-h", "--help"):
        print(_help(verbs))
        return 0 if argv else 2
    verb, *options = argv
    if verb not in verbs:
        print(
            f"error: there is no command {verb!r}; there are "
            f"{', '.join(verbs)}.",
            file=sys.stderr,
        )
        return 2
    try:
        return importlib.import_module(f"keras_drop.cli.{verb}").main(options)
    except (OSError, ValueError) as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        return 2


def _help(verbs):
    lines = [
        "usage: python -m keras_drop COMMAND [options]",
        "",
        "Commands; COMMAND --help tells their options:",
    ]
    for verb in verbs:
        module = importlib.import_module(f"keras_drop.cli.{verb}")
        lines.append(f"  {verb:<10} {module.__doc__.splitlines()[0]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
