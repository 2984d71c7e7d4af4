"""What labels on the cells of HPNet's maps still mean.

    python -m benchmarks.label_cells

A cell of the maps has 16 x 16 pixels, and a label says which parts it shows:
the part in its middle (`nearest`), or all of which it has a pixel
(`area_max`). By image size: in percent, how many of the parts that an image
shows keep a cell, all together and each, and how much of a labelled cell is
the part that it is labelled as. Of the embedded pedestrians' training images
and of their queries.
"""

from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.cell_shares import shares
from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop import part_schema
from keras_drop.data import ParsingLabels, Transform, read_image
from keras_drop.datasets import read_occluded_duke
from keras_drop.ops import LABEL_REDUCTIONS, part_cells

DATA = flags.DEFINE_string(
    "data_dir", "runs/embedded_pedestrians", "images, true labels in parts/"
)
SCHEMA = "hpnet_four"
SIZES = ((128, 64), (192, 96), (256, 128), (384, 128))
SPLITS = {"train": "training images", "query": "queries"}
_BATCH = 100


def main(_):
    data = Path(DATA.value)
    splits = read_occluded_duke(data, data / "parts", "densepose14")
    rows = {}
    for height, width in SIZES:
        for reduction in LABEL_REDUCTIONS:
            name = f"{height} x {width} | {reduction}"
            figures = {}
            for split, images in SPLITS.items():
                cells, part_of_cell = labels_of(
                    splits[split], (height, width), reduction
                )
                found = shares(
                    cells, part_of_cell, part_schema(SCHEMA).part_names
                )
                figures |= {f"{k}, {images}": v for k, v in found.items()}
            rows[name] = one_run(figures)
            print(f"{name}: {rows[name]}", flush=True)
    record(rows)


def labels_of(records, image_size, reduction):
    """Which parts the cells are labelled as, and what they show.

    Args:
        records: `Records` with the true labels, `densepose14`.
        image_size: `(height, width)` of the images as the model sees them.
        reduction: One of `LABEL_REDUCTIONS`.

    Returns:
        Two `(images, rows, columns, parts)` arrays: bool, and from 0 to 1 the
        share of the cell that is the part.
    """
    labels = ParsingLabels("densepose14", SCHEMA, label_reduction=reduction)
    transform = Transform(image_size)
    rows, columns = (side // 16 for side in image_size)
    numbers = 1 + np.arange(labels.part_schema.num_parts)
    labelled, shown = [], []
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        grouped = [
            labels.group(labels.read(label, read_image(path).shape[:2]))
            for path, label in zip(batch.paths, batch.parsing_paths)
        ]
        soft = np.stack([labels.sample(each, transform) for each in grouped])
        labelled.append(
            np.asarray(part_cells(soft, (rows, columns), reduction)) > 0
        )
        pixels = np.stack([labels.pixels(each, transform) for each in grouped])
        blocks = pixels.reshape(len(batch), rows, 16, columns, 16, 1) == numbers
        shown.append(blocks.mean(axis=(2, 4)))
    return np.concatenate(labelled), np.concatenate(shown)


if __name__ == "__main__":
    app.run(main)
