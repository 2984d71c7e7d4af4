"""Descriptors for TensorBoard's embedding projector: who lies beside whom."""

from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.descriptors import Descriptors
from keras_drop.gallery.browse import Browser
from keras_drop.gallery.gallery import Gallery
from keras_drop.records import Records
from keras_drop.visualization import save_projector


def main(argv):
    """Writes the files.

    Args:
        argv: Strings, the options.

    Returns:
        Exit code 0.

    Raises:
        ValueError: A file of another kind, or unknown parts.
        OSError: A file or an image that is missing.
    """
    parser = Parser(
        "projector",
        "Writes a gallery, or a .npz file of descriptors and records, for "
        "TensorBoard's embedding projector.",
    )
    add = parser.add_argument
    add("source", type=Path, help="folder of a gallery, or a .npz file")
    add("--output", type=Path, required=True, help="folder of the files")
    add("--parts", help="separated by commas; left out, all")
    add("--no_images", action="store_true", help="points instead of pictures")
    options = parser.parse_args(argv)
    if options.source.suffix == ".npz":
        descriptors, columns, images = _of_file(options.source)
    else:
        gallery = Gallery.open(options.source)
        descriptors, columns, images = Browser(gallery).everything()
    folder = save_projector(
        options.output,
        descriptors,
        columns,
        images=None if options.no_images else images,
        parts=options.parts and options.parts.split(","),
    )
    print(f"Look at it by: tensorboard --logdir={folder}")
    return 0


def _of_file(path):
    descriptors, records = Descriptors.load(path), Records.load(path)
    left_out = ("paths", "parsing_paths")
    columns = {
        name: getattr(records, name)
        for name in records.column_names
        if name not in left_out
    }
    return descriptors, columns, [str(path) for path in records.paths]
