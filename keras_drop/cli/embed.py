"""Embed a folder, a table or a data set, of any size, in shards."""

import argparse
import dataclasses
import functools
import shlex
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.datasets.files.written_table import write_columns
from keras_drop.datasets.own_data import OwnData
from keras_drop.embedding import (
    EmbeddedImages,
    Storage,
    embed_images,
    read_columns,
)
from keras_drop.embedding.beam.embed_with_beam import embed_with_beam
from keras_drop.embedding.beam.missing_beam import refuse_missing_beam
from keras_drop.embedding.image_columns import is_plain_folder
from keras_drop.quietly import quietly

_EPILOG = """\
A run that was stopped goes on where it was; finished shards are left. The
folder refuses another model, other images and other settings. A folder of
images without --pattern is read as it is: nobody is told.

examples:
  keras-drop embed --model=model.keras --data=photos --output=embedded
  keras-drop embed --model=model.keras --data=shop.csv --output=embedded \\
      --dtype=float16 --max_unreadable=100
  keras-drop embed --verify=embedded
  keras-drop gallery add shop.gallery embedded
"""


def main(argv):
    """Embeds, or compares what was embedded with its checksums.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        Exit code: 2 if a file to verify was changed, else 0.

    Raises:
        ValueError: Options that do not go together, or what `embed_images`
            refuses.
        OSError: Files that are missing or cannot be written, or a folder that
            another process writes to.
    """
    options = _parse(argv)
    if options.verify:
        wrong = EmbeddedImages(options.verify).wrong_files()
        for file in wrong:
            print(f"{file} is missing, or not as it was.")
        if not wrong:
            print(f"{options.verify} is as it was written.")
        return 2 if wrong else 0
    columns = read_columns(
        options.data,
        *([options.source.own] if options.source else []),
        splits=options.splits.split(",") if options.splits else (),
    )
    settings = {
        "storage": Storage(
            *(getattr(options, f.name) for f in dataclasses.fields(Storage))
        ),
        "image_size": options.image_size,
        "batch_size": options.batch_size,
        "max_unreadable": options.max_unreadable,
    }
    with quietly():  # Keras loads: ten lines.
        if options.beam is None:
            settings["tell"] = functools.partial(print, flush=True)
            embed_images(options.model, columns, options.output, **settings)
        else:
            _by_beam(options, columns, settings)
    if "://" in options.output:
        print(f"Copy {options.output} to a disk to read it.")
        return 0
    embedded = EmbeddedImages(options.output)
    print(f"{len(embedded)} images are embedded in {options.output}.")
    lost = embedded.unreadable
    file = Path(options.output, "unreadable.csv")
    if not lost:
        file.unlink(missing_ok=True)  # Of files that were mended since.
    else:
        write_columns(file, {"path": lost.keys(), "reason": lost.values()})
        print(f"{len(lost)} files were not read; {file} says why.")
    return 0


def _by_beam(options, columns, settings):
    refuse_missing_beam()
    from apache_beam import Pipeline
    from apache_beam.options.pipeline_options import PipelineOptions

    theirs = PipelineOptions(shlex.split(options.beam))
    with Pipeline(options=theirs) as pipeline:
        embed_with_beam(
            pipeline, options.model, columns, options.output, **settings
        )


def _parse(argv):
    parser = Parser("embed", __doc__, _EPILOG)
    add = parser.add_argument
    add("--model", help=".keras file, SavedModel or preset that embeds")
    parser.add_data(required=False)
    add("--splits", default="", help="those of train,query,gallery; empty: all")
    add("--output", help="folder of the shards")
    for field in dataclasses.fields(Storage):
        text = f"{field.metadata['help']} (default: %(default)s)"
        kind = type(field.default)
        add(f"--{field.name}", type=kind, default=field.default, help=text)
    add(
        "--image_size",
        type=_size,
        metavar="HEIGHT,WIDTH",
        help="images are resized to; the model's if left out",
    )
    add("--batch_size", type=int, default=64, help="images at a time")
    add(
        "--max_unreadable",
        type=int,
        default=0,
        help="broken files that are left out (default: %(default)s)",
    )
    add(
        "--beam",
        metavar="OPTIONS",
        help="embed by Apache Beam, with these options of its own, such as "
        "'--runner=FlinkRunner --flink_master=host:8081'",
    )
    add(
        "--verify",
        type=Path,
        metavar="FOLDER",
        help="compare what was embedded there with its checksums; nothing else",
    )
    options = parser.parse_args(argv)
    needed = ("model", "data", "output")
    if options.verify:
        given = [name for name in needed if getattr(options, name)]
        if given:
            parser.error(f"--{given[0]} does nothing with --verify: leave it")
        return options
    for name in needed:
        if not getattr(options, name):
            parser.error(f"--{name} is missing")
    given = [getattr(options, f.name) for f in dataclasses.fields(OwnData)]
    plain = is_plain_folder(options.data) and not any(given)
    options.source = None if plain else parser.data_source(options)
    return options


def _size(text):
    try:
        height, width = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"it is height,width, as 256,128; got {text!r}"
        ) from None
    return height, width
