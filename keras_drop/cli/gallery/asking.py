"""Questions to a gallery: who is this, what are you, are you well?"""

from pathlib import Path

from keras_drop.cli.gallery.arguments import (
    action_parser,
    add_pairs,
    either,
    opened,
)
from keras_drop.descriptors import Descriptors


def search(argv):
    """Exit code and text of `keras-drop gallery search`."""
    parser = action_parser("search", "Who looks like this photo?")
    add = parser.add_argument
    add(
        "photos",
        type=Path,
        nargs="+",
        help="one photo or several of one person, or a .npz file",
    )
    add("--k", type=int, default=10, help="how many (default: %(default)s)")
    add("--parts", help="parts to compare, separated by commas")
    add_pairs(add, "--where", "COLUMN=VALUE that is to be; may be repeated")
    add(
        "--exclude_camera",
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
    hits = opened(options).search(
        query,
        options.k,
        parts=options.parts and tuple(options.parts.split(",")),
        where={name: either(value) for name, value in options.where},
        exclude_cameras=[
            camera for text in options.exclude_camera for camera in either(text)
        ],
        per_identity=options.per_identity,
        unknown_above=options.unknown_above,
    )
    lines = [repr(hit) for hit in hits] or ["nothing found"]
    if hits.known is False:
        lines.append("Nobody the gallery knows.")
    if options.html:
        lines.append(f"The hits are in {hits.show(options.html)}")
    return int(hits.known is False), "\n".join(lines)


def info(argv):
    """Exit code and text of `keras-drop gallery info`."""
    parser = action_parser(
        "info", "What is in a gallery, and whose model made it."
    )
    options = parser.parse_args(argv)
    about = opened(options).about
    model = about.pop("model") or {}
    about |= {f"model {key}": value for key, value in model.items()}
    folder = Path(options.gallery).rglob("*")
    about["bytes"] = sum(f.stat().st_size for f in folder if f.is_file())
    return 0, "\n".join(f"{key}: {value}" for key, value in about.items())


def check(argv):
    """Exit code and text of `keras-drop gallery check`."""
    parser = action_parser(
        "check", "Look for damage, and measure the answers of the engine."
    )
    add = parser.add_argument
    add(
        "--queries",
        type=_number_or_file,
        default=20,
        help="how many images of the gallery are asked for, or a .npz file "
        "of descriptors (default: %(default)s)",
    )
    add("--k", type=int, default=50, help="how many (default: %(default)s)")
    options = parser.parse_args(argv)
    found = opened(options).check(options.queries, options.k)
    return int(not found.is_whole), str(found)


def _number_or_file(text):
    return int(text) if text.isdigit() else Descriptors.load(text)
