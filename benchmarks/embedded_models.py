"""The models of the comparison side by side: accuracy, parts, size and time.

    python -m benchmarks.embedded_models --folder=runs/comparison

reads the finished runs of benchmarks/embedded_comparison.py, prints the tables
of docs/results/ and writes `masks.json` and `costs.json` in the form of
`benchmarks/results` to the folder: how well parts are found on the queries, by
the true labels, obstacles being background; parameters, and the seconds that an
epoch (by Adam, whatever the recipe has) and an image take at best, all measured
here, so let nothing else run meanwhile.

Parts are compared on the grid of DROP's part maps, a quarter of the image, and
count as visible if they have a cell of it.
"""

import dataclasses
import time
from pathlib import Path

import numpy as np
from absl import app, flags

import keras_drop as kd
from benchmarks import embedded_comparison as comparison
from benchmarks.result_files import one_run, row_of, write_rows
from benchmarks.result_tables import TABLES
from keras_drop import recipes
from keras_drop.flags import read_flags

MODELS = (
    "global baseline",
    "BPBReID",
    "DROP",
    "PAB-ReID",
    "HPNet",
    "ViT baseline",
    "DPEFormer",
)
ROUNDS = 4  # Of each timing, of which the fastest counts.
STEPS = flags.DEFINE_integer(
    "steps", 8, "training steps that are timed; 0: nothing is timed"
)


def main(_):
    seeds = {
        row: found
        for row in comparison.ROWS_WANTED.value or MODELS
        if (found := comparison.finished_seeds(row))
    }
    print(comparison.table({row: comparison.figures(row) for row in seeds}))
    masks = {row: _parts_of(row, seeds[row]) for row in seeds if _parted(row)}
    _print("masks", masks)
    _write("masks", masks)
    if STEPS.value:
        costs = {row: _cost(row, seeds[row][0]) for row in seeds}
        _print("costs", costs)
        _write("costs", costs)


def _print(name, rows):
    """A table of the pages, of these rows."""
    shown = dataclasses.replace(TABLES[name], rows=tuple(rows))
    print("\n".join(["", *shown.lines(rows)]), flush=True)


def _write(name, rows):
    command = f"python -m benchmarks.embedded_models --steps={STEPS.value}"
    write_rows(Path(comparison.FOLDER.value) / f"{name}.json", command, rows)


def _parted(row):
    seed = comparison.finished_seeds(row)[0]
    return hasattr(_model(row, seed), "part_schema")


def _model(row, seed):
    return kd.load_model(comparison.run_folder(row, seed) / "model.keras")


def _parts_of(row, seeds):
    """How well the model of each seed finds parts."""
    found = {}
    for seed in seeds:
        queries = comparison.splits_of(row)["query"]
        quality = part_quality(_model(row, seed), queries)
        each = quality.pop("each")
        found[seed] = {
            **quality,
            **{f"IoU of {name}": iou for name, iou in each.items()},
        }
    return row_of(found)


def part_quality(model, records):
    """How a model's parts agree with the true labels of some images.

    Args:
        model: Any model that has parts.
        records: With parsing labels in `densepose14`.

    Returns:
        Dictionary of the intersection over union of `each` part by name, of
        the mean over the `parts` and that of the `person`, of the share of
        images and parts whose `visibility` is right, and of that share among
        those that are visible and those that are hidden.
    """
    labels = kd.data.ParsingLabels("densepose14", model.part_schema)
    quality = kd.evaluation.evaluate_parts(model, records, labels)
    each = quality.overlap.of_each()
    visible, right, hidden, known = quality.counts.sum(axis=0)
    return {
        "each": {name: each[name] for name in quality.part_names},
        "parts": quality.mask_iou,
        "person": quality.person_iou,
        "visibility": (right + known) / (visible + hidden),
        "of_visible": quality.visible_right,
        "of_hidden": quality.hidden_right,
    }


def _cost(row, seed):
    """Parameters in millions, seconds an epoch, images a second."""
    model = _model(row, seed)
    splits = comparison.splits_of(row)
    batches = _batches(row, seed, splits["train"])
    model.compile(kd.training.CoupledAdam(1e-4), jit_compile=False)
    queries = kd.data.ImageBatches(
        splits["query"].paths, model.input_shape[1:3], 64
    )
    images = np.concatenate([queries[k] for k in range(len(queries))])
    training = _fastest(
        lambda: model.fit(batches, steps_per_epoch=STEPS.value, verbose=0)
    )
    embedding = _fastest(lambda: model.embed(images))
    shown = {
        "training parameters": _count(model.trainable_variables),
        "serving parameters": _count(
            model.inference_model().trainable_variables
        ),
        "seconds an epoch": training / STEPS.value * len(batches),
        "images embedded a second": len(images) / embedding,
    }
    return one_run(shown)


def _fastest(function):
    """Seconds of the fastest of some calls; one more before is not timed."""
    seconds = []
    for _ in range(1 + ROUNDS):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])


def _count(variables):
    return sum(np.prod(variable.shape) for variable in variables) / 1e6


def _batches(row, seed, records):
    """The training batches of a run, by its settings."""
    file = comparison.run_folder(row, seed) / "settings.flags"
    recipe = recipes.find(comparison.recipe_of(row))
    return read_flags(recipe, [f"--flagfile={file}"]).make_batches(records)


if __name__ == "__main__":
    app.run(main)
