"""Photos on their way into a gallery."""

from pathlib import Path

from keras_drop.cli.gallery.arguments import (
    action_parser,
    add_pairs,
    opened,
    plain,
)
from keras_drop.datasets.files.own_names import IMAGE_ENDINGS, list_images
from keras_drop.descriptors import ARRAYS, Descriptors
from keras_drop.embedding import EmbeddedImages, fill_gallery
from keras_drop.embedding.begun import MANIFEST
from keras_drop.files.npz_file import read_npz
from keras_drop.records import Records


def add(argv):
    """Exit code and text of `keras-drop gallery add`."""
    parser = action_parser("add", "Add photos; those that are there are left.")
    option = parser.add_argument
    option(
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
    option("--camera", type=plain, help="that saw them")
    option("--time", type=plain, help="when, a number or 2026-01-31T12:00")
    add_pairs(option, "--column", "NAME=VALUE, further ones; may be repeated")
    options = parser.parse_args(argv)
    gallery = opened(options)
    if (options.images[0] / MANIFEST).is_file():
        return 0, _add_embedded(parser, gallery, options)
    before = len(gallery)
    told = {
        "identities": options.identity,
        "cameras": options.camera,
        "times": options.time,
        **{name: plain(value) for name, value in options.column},
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
    told = options.identity, options.camera, options.time
    given = options.column or any(one is not None for one in told)
    if len(options.images) > 1 or given or options.identity_from_folder:
        parser.error(
            f"{options.images[0]} holds embedded images, and what is known of "
            "them: add it alone, without options"
        )
    embedded = EmbeddedImages(options.images[0])
    new = fill_gallery(gallery, embedded)
    return f"{new} added, {len(embedded) - new} were there; {gallery}"


def _files(paths):
    found = []
    for path in paths:
        if path.is_dir():
            found += sorted(list_images(path))
        else:
            found.append(path)
    if not found:
        raise ValueError(
            f"There is no image in {', '.join(map(str, paths))}: none of "
            f"{', '.join(IMAGE_ENDINGS)}."
        )
    return found


def _of_file(options):
    """What the records of a file say, where the options do not."""
    if options.identity_from_folder:
        raise ValueError("Descriptors of a file lie in no folder.")
    file = options.images[0]
    columns = read_npz(file, lambda name: name not in ARRAYS)
    if columns.keys() & {"identities", "cameras"}:  # Records, or half of them.
        records = Records.load(file)
        columns = {n: getattr(records, n) for n in records.column_names}
        people = records.identities.tolist()
        columns["identities"] = [None if p == -1 else p for p in people]
    columns.pop("parsing_paths", None)
    if "paths" in columns:
        columns["path"] = columns.pop("paths")
    said = dict(options.column)
    said |= {"identities": options.identity, "cameras": options.camera}
    said |= {"time": options.time, "times": options.time}
    return {n: v for n, v in columns.items() if said.get(n) is None}
