"""Keep photos of people in a gallery, search it, and remove them again."""

from pathlib import Path

from keras_drop.checks import checked_choice
from keras_drop.cli import Parser
from keras_drop.descriptors import Descriptors
from keras_drop.embedding import EmbeddedImages, fill_gallery
from keras_drop.embedding.begun import MANIFEST
from keras_drop.gallery import Gallery
from keras_drop.quietly import quietly
from keras_drop.records import Records

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
_HELP = """\
usage: keras-drop gallery ACTION [options]

Actions; ACTION --help tells their options:
  create  make a gallery in a new folder
  add     add photos, or the descriptors of a .npz file
  search  who looks like this photo
  remove  delete a person, or images by their number
  info    what is in a gallery, and whose model made it
"""


def main(argv):
    """Runs the action that the first word names.

    Args:
        argv: Strings, the action and its options.

    Returns:
        Exit code: 0, or 1 where a search found nobody whom the gallery knows.

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


def _create(argv):
    parser = _parser("create", "Make a gallery in a new folder.")
    add = parser.add_argument
    add("--model", help=".keras file, SavedModel or preset that embeds")
    add("--verdict", type=Path, help="file of a PairVerdict")
    add(
        "--forget_images",
        action="store_true",
        help="keep no thumbnails, only descriptors",
    )
    options = parser.parse_args(argv)
    gallery = Gallery.create(
        options.gallery,
        options.model,
        verdict=options.verdict,
        keep_images=not options.forget_images,
    )
    return 0, f"{gallery}"


def _add(argv):
    parser = _parser("add", "Add photos; those that are there are left.")
    add = parser.add_argument
    add(
        "images",
        type=Path,
        nargs="+",
        help="image files, folders of them, one .npz file of descriptors, or "
        "the folder of keras-drop embed",
    )
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--identity", help="who they all are")
    who.add_argument(
        "--identity_from_folder",
        action="store_true",
        help="the folder of each image says who it is",
    )
    add("--camera", type=_value, help="that saw them")
    add("--time", type=_value, help="when, a number or 2026-01-31T12:00")
    _add_pairs(add, "--column", "NAME=VALUE, further ones; may be repeated")
    options = parser.parse_args(argv)
    gallery = Gallery.open(options.gallery)
    if (options.images[0] / MANIFEST).is_file():
        return 0, _add_embedded(parser, gallery, options)
    before = len(gallery)
    told = {
        "identities": options.identity,
        "cameras": options.camera,
        "times": options.time,
        **dict(options.column),
    }
    images = options.images
    if images[0].suffix == ".npz":
        if len(images) > 1:
            parser.error("give one .npz file at a time")
        images = Descriptors.load(images[0])
        told.update(_of_file(options))
    else:
        images = _files(images)
        if options.identity_from_folder:
            told["identities"] = [image.parent.name for image in images]
    gallery.add(images, **told)
    new = len(gallery) - before
    return 0, f"{new} added, {len(images) - new} were there; {gallery}"


def _add_embedded(parser, gallery, options):
    told = options.identity, options.camera, options.time, options.column
    if len(options.images) > 1 or any(told) or options.identity_from_folder:
        parser.error(
            f"{options.images[0]} holds embedded images, and what is known of "
            "them: add it alone, without options"
        )
    embedded = EmbeddedImages(options.images[0])
    new = fill_gallery(gallery, embedded)
    return f"{new} added, {len(embedded) - new} were there; {gallery}"


def _search(argv):
    parser = _parser("search", "Who looks like this photo?")
    add = parser.add_argument
    add(
        "photos",
        type=Path,
        nargs="+",
        help="one photo or several of one person, or a .npz file",
    )
    add("--k", type=int, default=10, help="how many (default: %(default)s)")
    add("--parts", help="parts to compare, separated by commas")
    _add_pairs(add, "--where", "COLUMN=VALUE that is to be; may be repeated")
    add(
        "--exclude_camera",
        type=_value,
        action="append",
        default=[],
        help="a camera to leave out; may be repeated",
    )
    add("--per_identity", action="store_true", help="each person once")
    add(
        "--unknown_above",
        type=float,
        help="distance above which the nearest is nobody",
    )
    add("--html", type=Path, help="write the hits as an HTML file")
    options = parser.parse_args(argv)
    query = [str(photo) for photo in options.photos]
    if options.photos[0].suffix == ".npz":
        query = Descriptors.load(options.photos[0])
    hits = Gallery.open(options.gallery).search(
        query,
        options.k,
        parts=options.parts and tuple(options.parts.split(",")),
        where=dict(options.where),
        exclude_cameras=options.exclude_camera,
        per_identity=options.per_identity,
        unknown_above=options.unknown_above,
    )
    lines = [repr(hit) for hit in hits] or ["nothing found"]
    if hits.known is False:
        lines.append("Nobody the gallery knows.")
    if options.html:
        lines.append(f"The hits are in {hits.show(options.html)}")
    return int(hits.known is False), "\n".join(lines)


def _remove(argv):
    parser = _parser("remove", "Delete a person, or images by their number.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--identity", help="whose images are deleted")
    which.add_argument(
        "--id", type=int, action="append", help="of an image; may be repeated"
    )
    options = parser.parse_args(argv)
    gallery = Gallery.open(options.gallery)
    if options.id:
        count = gallery.remove(ids=options.id)
    else:
        # On a command line the identity 7 and the identity "7" look alike.
        count = gallery.remove(identity=options.identity)
        value = _value(options.identity)
        if value != options.identity:
            count += gallery.remove(identity=value)
    gallery.compact()
    return 0, f"{count} removed; {gallery}"


def _info(argv):
    parser = _parser("info", "What is in a gallery, and whose model made it.")
    options = parser.parse_args(argv)
    about = Gallery.open(options.gallery).about
    model = about.pop("model") or {}
    about |= {f"model {key}": value for key, value in model.items()}
    folder = Path(options.gallery).rglob("*")
    about["bytes"] = sum(f.stat().st_size for f in folder if f.is_file())
    return 0, "\n".join(f"{key}: {value}" for key, value in about.items())


_ACTIONS = {
    "create": _create,
    "add": _add,
    "search": _search,
    "remove": _remove,
    "info": _info,
}


def _parser(action, text):
    parser = Parser(f"gallery {action}", text)
    parser.add_argument("gallery", type=Path, help="folder of the gallery")
    return parser


def _add_pairs(add, name, text):
    add(name, type=_pair, action="append", default=[], help=text)


def _pair(text):
    name, sign, value = text.partition("=")
    if not sign:
        raise ValueError
    return name, _value(value)


def _value(text):
    """A number, if it looks like one, else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def _files(paths):
    found = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*"))
            found += [p for p in inside if p.suffix.lower() in _ENDINGS]
        else:
            found.append(path)
    if not found:
        raise ValueError(
            f"There is no image in {', '.join(map(str, paths))}: none of "
            f"{', '.join(_ENDINGS)}."
        )
    return found


def _of_file(options):
    """What the records of a file say, where the options do not."""
    if options.identity_from_folder:
        raise ValueError("Descriptors of a file lie in no folder.")
    try:
        records = Records.load(options.images[0])
    except ValueError:
        return {}  # Descriptors alone.
    told = {"path": records.paths}
    if options.identity is None:
        told["identities"] = records.identities
    if options.camera is None:
        told["cameras"] = records.cameras
    given = dict(options.column)
    fixed = ("paths", "identities", "cameras", "parsing_paths")
    others = [n for n in records.column_names if n not in (*fixed, *given)]
    return told | {name: getattr(records, name) for name in others}
