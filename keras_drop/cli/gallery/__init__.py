"""Keep photos of people in a gallery, search it, and remove them again."""

from keras_drop.checks import checked_choice
from keras_drop.cli.gallery.adding import add
from keras_drop.cli.gallery.asking import check, info, search
from keras_drop.cli.gallery.keeping import compact, create, remove
from keras_drop.quietly import quietly

_HELP = """\
usage: keras-drop gallery ACTION [options]

Actions; ACTION --help tells their options:
  create   make a gallery in a new folder
  add      add photos, or descriptors of a file or of keras-drop embed
  search   who looks like this photo
  remove   delete a person, or images by their number
  compact  write the file anew, without what was deleted
  info     what is in a gallery, and whose model made it
  check    look for damage, and measure the answers of the engine
"""
_ACTIONS = {
    action.__name__: action
    for action in (create, add, search, remove, compact, info, check)
}


def main(argv):
    """Runs the action that the first word names.

    Args:
        argv: Strings, the action and its options.

    Returns:
        Exit code: 0, or 1 where a search found nobody whom the gallery knows,
        or a check something broken.

    Raises:
        ValueError: Options that do not go together, or another model.
        OSError: A file that is missing, or a gallery that is being written.
    """
    if not argv or argv[0] in ("-h", "--help"):
        print(_HELP, end="")
        return 0 if argv else 2
    checked_choice("action", argv[0], _ACTIONS)
    with quietly():  # Where a model is needed, Keras loads: ten lines.
        code, text = _ACTIONS[argv[0]](argv[1:])
    print(text)
    return code
