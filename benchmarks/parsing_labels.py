"""How well labels by `parsing_labels_demo` agree with the true ones.

    keras-drop train --recipe=parsing_labels_demo
    python -m benchmarks.parsing_labels

Intersection over union of each part of several schemas, in percent, over the
training images of the embedded pedestrians, and over those with an obstacle.
"""

from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop import part_schema
from keras_drop.data import ParsingLabels, read_image
from keras_drop.datasets import read_occluded_duke
from keras_drop.evaluation import PartOverlap

LABELS_DIR = flags.DEFINE_string(
    "labels_dir", "runs/parsing_labels_demo/labels", "labels of the recipe"
)
DATA_DIR = flags.DEFINE_string(
    "data_dir", "runs/embedded_pedestrians", "images, true labels in parts/"
)
# The schemas, and whether only images with an obstacle are looked at.
ROWS = {
    "fourteen": ("fourteen", False),
    "seven": ("seven", False),
    "five": ("five", False),
    "hpnet_four": ("hpnet_four", False),
    "hpnet_four, occluded": ("hpnet_four", True),
}


def main(_):
    data = Path(DATA_DIR.value)
    records = read_occluded_duke(data, data / "parts", "densepose14")["train"]
    rows = {}
    for name, (schema, occluded) in ROWS.items():
        chosen = records[records.occlusion > 0] if occluded else records
        rows[name] = one_run(overlap(chosen, LABELS_DIR.value, schema))
        print(f"{name}, {len(chosen)} images: {rows[name]['mean']}")
    record(rows)


def overlap(records, labels_dir, schema):
    """How far labels agree with the true ones, as `figures` has it.

    Args:
        records: `Records` with the true labels, `densepose14`.
        labels_dir: Folder of the other labels, likewise.
        schema: Name of the schema by which both are read.
    """
    labels = ParsingLabels("densepose14", schema)
    found = PartOverlap(part_schema(schema).part_names)
    for image, truth in zip(records.paths, records.parsing_paths):
        size = read_image(image).shape[:2]
        # Both in the folder of the image, under its name.
        other = Path(labels_dir).joinpath(*Path(truth).parts[-2:])
        found.add(
            labels.group(labels.read(truth, size)),
            labels.group(labels.read(other, size)),
        )
    return figures(found)


def figures(found):
    """Percent of a `PartOverlap`, the best part first.

    The mean is over the background and all parts; of a part with two sides
    the mean of both is named.
    """
    sides = {}
    for name, share in found.of_each().items():
        if name != "background" and not np.isnan(share):
            sides.setdefault(_both_sides(name), []).append(100 * share)
    shares = {name: np.mean(values) for name, values in sides.items()}
    best_first = sorted(shares.items(), key=lambda x: x[1], reverse=True)
    return {
        "mean": 100 * found.mean(),
        **{f"IoU of {name}": share for name, share in best_first},
    }


def _both_sides(name):
    """`left_foot` and `right_foot` are `feet`."""
    side, _, part = name.partition("_")
    if side not in ("left", "right"):
        return name.replace("_", " ")
    return "feet" if part == "foot" else part.replace("_", " ") + "s"


if __name__ == "__main__":
    app.run(main)
