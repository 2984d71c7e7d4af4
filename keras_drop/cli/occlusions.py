"""Draw a sheet of what occlusion augmentation does to some images."""

import argparse
import dataclasses
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.cli import Parser
from keras_drop.datasets.files.own_names import IMAGE_ENDINGS, list_images
from keras_drop.quietly import quietly
from keras_drop.records import Records

_EPILOG = """\
examples:
  python -m keras_drop occlusions --images=photographs --stages=roa,grid_mask
  python -m keras_drop occlusions --images=pedestrians/bounding_box_train \\
      --parsing_dir=pedestrians/parts --label_format=densepose14 \\
      --stages=roa,person,part_occlusion --severities=0.5,1 --sheet=sheet.png
"""


def main(argv):
    """Writes a sheet of images, stages and severities.

    Every stage is shown with probability 1, and at all severities with the
    same random numbers. Part labels show what is left of them.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        ValueError: Options that do not go together, or a broken file.
        OSError: A file or folder that is missing or cannot be written.
    """
    options = _parse(argv)
    with quietly():  # Late, because Keras takes seconds to import.
        from keras_drop.data.occlusions import named_occlusions
        from keras_drop.visualization import save_occlusion_sheet

    stages = named_occlusions(options.stages, options.occluder_bank)
    records = _records(options)
    titles = ["as it is"]
    for name in options.stages:
        titles += [
            f"{name.partition(':')[0]}\n{severity:g}"
            for severity in options.severities
        ]
    images, hidden, parts, part_names = _apply(options, stages, records)
    path = save_occlusion_sheet(
        options.sheet,
        images,
        hidden,
        titles,
        parts=parts,
        part_names=part_names,
    )
    print(
        f"{len(images)} images, {len(stages)} stages, "
        f"{len(options.severities)} severities: {path}"
    )
    return 0


def _parse(argv):
    parser = Parser("occlusions", __doc__, _EPILOG)
    add = parser.add_argument
    add("--images", type=Path, required=True, help="folder of images")
    add("--parsing_dir", type=Path, help="folder of their parsing labels")
    add("--label_format", help="of the labels, such as densepose14")
    add("--part_schema", default="eight", help="parts (default: %(default)s)")
    add(
        "--stages",
        type=_names,
        default=["roa", "random_erasing", "gaussian_erasing", "grid_mask"],
        help="separated by commas: roa, random_erasing, gaussian_erasing, "
        "grid_mask, and with labels person, part_occlusion",
    )
    add(
        "--severities",
        type=_numbers,
        default=[0.25, 0.5, 1.0],
        help="from 0 to 1 (default: 0.25,0.5,1)",
    )
    add(
        "--occluder_bank",
        default="procedural",
        help="procedural, or a folder or archive of RGBA images",
    )
    add("--image_size", type=_numbers, default=[256, 128], help="height,width")
    add("--num_images", type=int, default=6, help="default: %(default)s")
    add("--seed", type=int, default=1, help="default: %(default)s")
    add("--sheet", type=Path, default=Path("occlusions.png"), help=".png file")
    options = parser.parse_args(argv)
    options.image_size = tuple(map(int, options.image_size))
    refuse_less_than_1(num_images=options.num_images)
    if len(options.image_size) != 2:
        parser.error("--image_size is height,width, as 256,128")
    if not all(0 <= severity <= 1 for severity in options.severities):
        parser.error("--severities are from 0 to 1")
    if (options.parsing_dir is None) != (options.label_format is None):
        parser.error("--parsing_dir and --label_format go together")
    return options


def _names(text):
    return text.split(",")


def _numbers(text):
    try:
        return [float(number) for number in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"numbers are separated by commas, as 256,128; got {text!r}"
        ) from None


def _records(options):
    """Some images of the folder, evenly spread, and their labels."""
    from keras_drop.datasets.labels.parsing_files import ParsingFiles

    if not options.images.is_dir():
        raise FileNotFoundError(f"There is no folder {options.images}.")
    paths = sorted(list_images(options.images))
    if not paths:
        raise FileNotFoundError(
            f"{options.images} holds no {', '.join(IMAGE_ENDINGS)} image."
        )
    count = min(options.num_images, len(paths))
    chosen = np.linspace(0, len(paths) - 1, num=count).astype(int)
    paths = [paths[k] for k in chosen]
    labels = [""] * count
    if options.parsing_dir:
        files = ParsingFiles(options.parsing_dir, options.label_format)
        labels = files.find(paths, options.images.name, required=True)
    return Records(
        list(map(str, paths)), np.arange(count), np.zeros(count, int), labels
    )


def _apply(options, stages, records):
    """Images, hidden pixels, parts and part names for the sheet."""
    from keras_drop.data import ParsingLabels, Transform
    from keras_drop.data.batches.training_files import TrainingFiles
    from keras_drop.data.occlusions import Scene, occlude
    from keras_drop.data.occlusions.stages.occlude import labelled_stages

    labels = None
    if options.label_format:
        labels = ParsingLabels(options.label_format, options.part_schema)
    elif labelled_stages(stages):
        raise ValueError(
            f"{labelled_stages(stages)[0]} needs --parsing_dir and "
            "--label_format."
        )
    files = TrainingFiles(records, labels, cache_megabytes=256)
    transform = Transform(options.image_size)
    shown, hidden, parts = [], [], []
    for row in range(len(records)):
        image, label = files[row]
        image = transform.image(image)
        scene = Scene(
            None if label is None else labels.pixels(label, transform),
            lambda rng, row=row: files.somebody_else(row, rng),
        )
        cells = [(image, np.zeros(options.image_size, bool))]
        for stage in stages:
            for severity in options.severities:
                now = dataclasses.replace(stage, probability=1.0).at(severity)
                rng = np.random.default_rng((options.seed, 1 + row))
                cells.append(occlude(image.copy(), (now,), rng, scene))
        shown.append([cell for cell, _ in cells])
        hidden.append([mask for _, mask in cells])
        empty = np.zeros(options.image_size, "uint8")
        parts.append(
            [
                empty if scene.parts is None else scene.without(mask).parts
                for _, mask in cells
            ]
        )
    part_names = labels.part_schema.part_names if labels else ()
    return np.array(shown), np.array(hidden), np.array(parts), part_names
