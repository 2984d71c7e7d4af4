"""What is kept of a gallery, and what is not."""

from pathlib import Path

from keras_drop.cli.gallery.arguments import action_parser, opened, plain
from keras_drop.gallery import Gallery
from keras_drop.gallery.storing.described import PRECISIONS


def create(argv):
    """Exit code and text of `keras-drop gallery create`."""
    parser = action_parser("create", "Make a gallery in a new folder.")
    add = parser.add_argument
    add("--model", help=".keras file, SavedModel or preset that embeds")
    add("--verdict", type=Path, help="file of a PairVerdict")
    add(
        "--forget_images",
        action="store_true",
        help="keep no thumbnails, only descriptors",
    )
    add(
        "--precision",
        choices=PRECISIONS,
        default="float32",
        help="of the embeddings (default: %(default)s)",
    )
    options = parser.parse_args(argv)
    gallery = Gallery.create(
        options.gallery,
        options.model,
        verdict=options.verdict,
        keep_images=not options.forget_images,
        precision=options.precision,
        engine=options.engine,
        uri=options.uri,
    )
    return 0, f"{gallery}"


def remove(argv):
    """Exit code and text of `keras-drop gallery remove`."""
    parser = action_parser(
        "remove", "Delete a person, or images by their number."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--identity", help="whose images are deleted")
    which.add_argument(
        "--id", type=int, action="append", help="of an image; may be repeated"
    )
    options = parser.parse_args(argv)
    gallery = opened(options)
    if options.id:
        count = gallery.remove(ids=options.id)
    else:
        # On a command line the identity 7 and the identity "7" look alike.
        # A name such as 1e3 or 12.0 is nobody's number.
        named, number = [options.identity], plain(options.identity)
        if isinstance(number, int):
            named.append(number)
        count = gallery.remove(where={"identity": named})
    gallery.compact()
    return 0, f"{count} removed; {gallery}"


def compact(argv):
    """Exit code and text of `keras-drop gallery compact`."""
    parser = action_parser("compact", "Write the file anew, and smaller.")
    gallery = opened(parser.parse_args(argv))
    gallery.compact()
    return 0, f"{gallery}"
