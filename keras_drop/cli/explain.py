"""Why two people look alike: an HTML file of pictures, parts and distances."""

import tempfile
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.descriptors import Descriptors
from keras_drop.gallery import Gallery
from keras_drop.quietly import quietly

_EPILOG = """\
keras-drop explain shop.gallery person.jpg
    explains the nearest images of a gallery
keras-drop explain model.keras person.jpg other.jpg another.jpg
    compares the first photo with the others, by a model
"""


def main(argv):
    """Searches, and writes the page.

    Args:
        argv: Strings, the options.

    Returns:
        Exit code 0.

    Raises:
        ValueError: Options that do not go together, or nothing to compare.
        OSError: A file that is missing.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    with quietly():  # Where a model is needed, Keras loads: ten lines.
        if (options.by / "gallery.sqlite").is_file():
            if options.photos[0].suffix == ".npz" and options.photos[1:]:
                parser.error("give one .npz file, or photos")
            path = _of_gallery(options)
        else:
            if options.model is not None:
                parser.error("--model is of a gallery, and this is a model")
            if options.per_identity:
                parser.error("--per_identity is of a gallery: nobody is known")
            path = _of_model(options, parser)
    print(f"Why they were found is in {path}")
    return 0


def _of_gallery(options):
    gallery = Gallery.open(options.by, options.model)
    query = [str(photo) for photo in options.photos]
    if options.photos[0].suffix == ".npz":
        query = Descriptors.load(options.photos[0])
    hits = gallery.search(
        query,
        options.k,
        parts=_names(options.parts),
        per_identity=options.per_identity,
    )
    return gallery.explain(hits, options.html)


def _of_model(options, parser):
    first, *others = [str(photo) for photo in options.photos]
    if not others:
        parser.error(f"give photos that {first} is compared with")
    with tempfile.TemporaryDirectory() as folder:
        gallery = Gallery.create(
            Path(folder, "compared"), str(options.by), engine="memory"
        )
        gallery.add(others, photo=[Path(path).name for path in others])
        hits = gallery.search(first, options.k, parts=_names(options.parts))
        return gallery.explain(hits, options.html)


def _names(parts):
    return parts and tuple(parts.split(","))


def _parser():
    parser = Parser(
        "explain",
        "Shows why images were found: which parts both show, how far apart "
        "they are in each, and what an obstacle would have done.",
        _EPILOG,
    )
    add = parser.add_argument
    add("by", type=Path, help="folder of a gallery, or a model that embeds")
    add(
        "photos",
        type=Path,
        nargs="+",
        help="of one person, to be found in the gallery (or a .npz file); "
        "with a model, one photo and those to compare it with",
    )
    add("--model", help="of the gallery, if it does not know where it lies")
    add("--k", type=int, default=10, help="how many (default: %(default)s)")
    add("--parts", help="parts to compare, separated by commas")
    add("--per_identity", action="store_true", help="each person once")
    add(
        "--html",
        type=Path,
        default=Path("explanation.html"),
        help="the file (default: %(default)s)",
    )
    return parser
