"""How well the models of the comparison parse the people of the queries.

    python benchmarks/embedded_masks.py --folder=runs/comparison

prints, for every finished run of benchmarks/embedded_comparison.py that has
parts, the intersection over union of each part on the drawn queries, obstacles
being background, at the grid of DROP's part maps.
"""

from pathlib import Path

import numpy as np
from absl import app, flags
from PIL import Image

import keras_drop as kd

FOLDER = flags.DEFINE_string("folder", "runs/comparison", "where the runs are")
RUNS = flags.DEFINE_list("runs", [], "folders of runs; empty: all")


def main(_):
    folder = Path(FOLDER.value)
    data = folder / "embedded_pedestrians"
    queries = kd.datasets.read_occluded_duke(
        data, data / "parts", "densepose14"
    )["query"]
    runs = RUNS.value or sorted(p.parent.name for p in folder.glob("*/*.keras"))
    for run in runs:
        model = kd.load_model(folder / run / "model.keras")
        if not hasattr(model, "part_schema"):
            continue
        schema = kd.part_schema(model.part_schema)
        height, width = (length // 4 for length in model.input_shape[1:3])
        truth = _truth(queries, schema, (width, height))
        maps = model.inference_model().predict(
            kd.data.ImageBatches(queries.paths, model.input_shape[1:3]),
            verbose=0,
        )["part_maps"]
        found = np.array(
            [
                _resized(number, (width, height))
                for number in maps.argmax(axis=-1).astype("uint8")
            ]
        )
        overlaps = {}
        for number, name in enumerate(schema.part_names, start=1):
            both = (found == number) & (truth == number)
            either = (found == number) | (truth == number)
            overlaps[name] = 100 * both.sum() / max(either.sum(), 1)
        parts = ", ".join(f"{k} {v:.1f}" for k, v in overlaps.items())
        mean = np.mean(list(overlaps.values()))
        print(f"{run}: mean {mean:.1f} ({parts})", flush=True)


def _truth(queries, schema, size):
    labels = kd.data.ParsingLabels("densepose14", schema)
    return np.array(
        [
            _resized(labels.group(np.asarray(Image.open(path))), size)
            for path in queries.parsing_paths
        ]
    )


def _resized(numbers, size):
    image = Image.fromarray(numbers.astype("uint8"))
    return np.asarray(image.resize(size, Image.Resampling.NEAREST))


if __name__ == "__main__":
    app.run(main)
