"""Write a table of your own images, with a split of them, or an example."""

from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.datasets import (
    draw_split,
    read_occluded_duke,
    read_parsed_images,
    write_table,
)
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.datasets.files.fake_cameras import CAMERA_MODES, FAKE_CAMERAS
from keras_drop.datasets.files.image_folders import find_folder
from keras_drop.datasets.labels.label_formats import LABEL_FORMATS
from keras_drop.datasets.readers.named_images import read_folders
from keras_drop.records import Records

_EPILOG = """\
The pattern is a regular expression of a whole file name; with a / in it, of the
path below the folder. Its groups identity and camera may be any text.

Labels lie in --parsing_dir as the images do in --folder, under the same names
but for the ending: labels/anna/door_001.png of photos/anna/door_001.jpg.

With --example a few people are drawn, and their table has every column that
is known of them.

examples:
  keras-drop table --example=example
  keras-drop table --folder=photos --output=photos.csv \\
      --pattern='(?P<identity>[^/]+)/(?P<camera>[^_]+)_.*'
  keras-drop table --folder=photos --output=photos.csv --camera_mode=none \\
      --pattern='(?P<identity>.+)-[0-9]+.jpg' --test_people=0.3
  keras-drop table --folder=photos --output=photos.csv --parsing_dir=labels \\
      --label_format=densepose14 --pattern='(?P<identity>.+)_c(?P<camera>.+)_.*'
"""


def main(argv):
    """Writes the table, and says what is in it.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        ValueError: A pattern that does not fit, or nobody who can be found.
        OSError: A folder that is not there, not one label, or a file that
            cannot be written.
    """
    options = _parse(argv)
    if options.example:
        render_embedded_pedestrians(options.example, "mini")
        labels = options.example / "parts"
        splits = read_occluded_duke(options.example, labels, "densepose14")
        options.output = options.example / "example.csv"
    elif all(
        find_folder(options.folder, split) for split in ("query", "gallery")
    ):
        splits = _of_folders(options)
    else:
        every = read_folders(
            options.folder.resolve().parent,
            options.pattern,
            (options.folder.resolve().name, None, None),
            camera_mode=options.camera_mode,
        )["train"]
        splits = draw_split(
            every, camera_mode=options.camera_mode, **_drawing(options)
        )
    if options.parsing_dir:
        splits = _with_labels(splits, options)
    write_table(options.output, splits)
    for split, records in splits.items():
        print(f"{split}: {records}")
    print(f"The table is {options.output}. Use it as --data={options.output}")
    return 0


def _drawing(options):
    """What is said of who is tested; else `draw_split` has its own."""
    said = {"test_people": options.test_people, "seed": options.seed}
    return {name: value for name, value in said.items() if value is not None}


def _with_labels(splits, options):
    """The splits, with the label of every image that has one."""
    images = read_parsed_images(
        options.folder.resolve(), options.parsing_dir, options.label_format
    )
    labels = dict(zip(images.paths, images.parsing_paths))
    labelled = {}
    for split, records in splits.items():
        columns = {
            name: getattr(records, name) for name in records.column_names
        }
        columns["parsing_paths"] = [labels[path] for path in records.paths]
        labelled[split] = Records(**columns)
    return labelled


def _of_folders(options):
    """A split that is there is taken as it is."""
    for name in _drawing(options):
        raise ValueError(
            f"--{name} draws who is tested, but {options.folder} has the "
            "folders query and gallery, whose people stay in them. Leave it "
            "out, or give a folder without these."
        )
    folders = [
        s if find_folder(options.folder, s) else None for s in FAKE_CAMERAS
    ]
    return read_folders(
        options.folder.resolve(),
        options.pattern,
        folders,
        camera_mode=options.camera_mode,
    )


def _parse(argv):
    parser = Parser("table", __doc__, _EPILOG)
    add = parser.add_argument
    add("--example", type=Path, help="folder to draw an example in; no more")
    add(
        "--folder",
        type=Path,
        help="folder of the images; those of its folders train, query and "
        "gallery, if it has such, stay in them",
    )
    add(
        "--pattern",
        help="regular expression with the groups identity and camera",
    )
    add("--output", type=Path, help="the .csv file to write")
    add("--parsing_dir", type=Path, help="folder of parsing labels, if any")
    add("--label_format", choices=LABEL_FORMATS, help="of the labels")
    add(
        "--test_people",
        type=float,
        help="share of the people who are tested, drawn where there are no "
        "folders of them (default: 0.5)",
    )
    add("--seed", type=int, help="of the drawing (default: 1)")
    add(
        "--camera_mode",
        choices=CAMERA_MODES,
        default="real",
        help="none: cameras are not known, the pattern has no group camera",
    )
    options = parser.parse_args(argv)
    own = {n: getattr(options, n) for n in ("folder", "pattern", "output")}
    wrong = [
        f"--{name}"
        for name, value in own.items()
        if (value is None) == (options.example is None)
    ]
    if wrong and options.example:
        parser.error(f"--example goes without {', '.join(wrong)}")
    if wrong:
        parser.error(f"{', '.join(wrong)} is missing; or give --example=FOLDER")
    if options.example and options.parsing_dir:
        parser.error("--example goes without --parsing_dir: it has labels")
    if (options.parsing_dir is None) != (options.label_format is None):
        parser.error("--parsing_dir and --label_format go together")
    if options.parsing_dir and options.parsing_dir.resolve().is_relative_to(
        options.folder.resolve()
    ):
        parser.error(
            f"--parsing_dir={options.parsing_dir} lies in --folder, whose "
            "files are images: move it out"
        )
    return options
