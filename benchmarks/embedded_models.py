"""The models of the comparison side by side: accuracy, parts, size and time.

    python -m benchmarks.embedded_models --folder=runs/comparison

reads the finished runs of benchmarks/embedded_comparison.py and prints the
tables of docs/results/: accuracy, mean and spread over the seeds; mAP by the
share of the person that is hidden; how well parts are found on the queries, by
the true labels, obstacles being background; parameters, and the seconds that an
epoch (by Adam, whatever the recipe has) and an image take at best, all measured
here, so let nothing else run meanwhile.

Parts are compared on the grid of DROP's part maps, a quarter of the image, and
count as visible if they have a cell of it.
"""

import dataclasses
import importlib
import sys
import time
import typing
from pathlib import Path

import numpy as np
from absl import app, flags
from PIL import Image

import keras_drop as kd
from benchmarks import embedded_comparison as comparison

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
LEVELS = ("30-40 %", "40-50 %", "50-60 %", "60-70 %")


def main(_):
    rows = [
        (row, seeds)
        for row in comparison.ROWS_WANTED.value or MODELS
        if (seeds := comparison.finished_seeds(row))
    ]
    print(comparison.table([row for row, _ in rows]))
    print(f"\n| mAP of queries with | {' | '.join(LEVELS)} |")
    print(f"| --- |{' ---: |' * len(LEVELS)}")
    for row, seeds in rows:
        print(_line(row, [_level_cell(row, seeds, name) for name in LEVELS]))
    print(
        "\n| | parts | IoU of the parts | IoU of the person | "
        "visibility right | of visible parts | of hidden ones | "
        "IoU of each part |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    )
    for row, seeds in rows:
        cells = _part_cells(row, seeds)
        if cells:
            print(_line(row, cells), flush=True)
    if not STEPS.value:
        return
    print(
        "\n| | parameters, training | serving | s an epoch | "
        "images/s, embedding |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for row, seeds in rows:
        print(_line(row, _cost_cells(row, seeds[0])), flush=True)


def _line(row, cells):
    return f"| {row} | {' | '.join(cells)} |"


def _level_cell(row, seeds, level):
    values = [
        comparison.summary(row, seed)["by_occlusion"][level]["mAP"]
        for seed in seeds
    ]
    return comparison.mean_and_spread(values)


def _model(row, seed):
    return kd.load_model(comparison.run_folder(row, seed) / "model.keras")


def _part_cells(row, seeds):
    found = []
    for seed in seeds:
        model = _model(row, seed)
        if not hasattr(model, "part_schema"):
            return None
        found.append(part_quality(model, _splits()["query"]))
    each = [list(quality["each"].values()) for quality in found]
    return [
        str(len(found[0]["each"])),
        *(
            comparison.mean_and_spread([quality[name] for quality in found])
            for name in (
                "parts",
                "person",
                "visibility",
                "of_visible",
                "of_hidden",
            )
        ),
        ", ".join(
            f"{name} {100 * iou:.0f}"
            for name, iou in zip(found[0]["each"], np.nanmean(each, axis=0))
        ),
    ]


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
    schema = kd.part_schema(model.part_schema)
    height, width = (length // 4 for length in model.input_shape[1:3])
    truth = _truth(records, schema, (width, height))
    outputs = model.inference_model().predict(
        kd.data.ImageBatches(records.paths, model.input_shape[1:3]), verbose=0
    )
    found = np.array(
        [
            _resized(numbers, (width, height))
            for numbers in outputs["part_maps"].argmax(axis=-1)
        ]
    )
    parts = kd.evaluation.PartOverlap(schema.part_names)
    parts.add(truth, found)
    person = kd.evaluation.PartOverlap(["person"])
    person.add(truth > 0, found > 0)
    numbers = range(1, 1 + len(schema.part_names))
    visible = np.array([[(x == k).any() for k in numbers] for x in truth])
    predicted = outputs["visibility"][:, -len(schema.part_names) :] > 0
    return {
        "each": {
            name: iou
            for name, iou in parts.of_each().items()
            if name in schema.part_names
        },
        "parts": parts.mean(background=False),
        "person": person.mean(background=False),
        "visibility": (predicted == visible).mean(),
        "of_visible": predicted[visible].mean(),
        "of_hidden": 1 - predicted[~visible].mean(),
    }


def _truth(records, schema, size):
    labels = kd.data.ParsingLabels("densepose14", schema)
    return np.array(
        [
            _resized(labels.group(np.asarray(Image.open(path))), size)
            for path in records.parsing_paths
        ]
    )


def _resized(numbers, size):
    image = Image.fromarray(numbers.astype("uint8"))
    return np.asarray(image.resize(size, Image.Resampling.NEAREST))


def _splits():
    data = Path(comparison.FOLDER.value) / "embedded_pedestrians"
    return kd.datasets.read_occluded_duke(data, data / "parts", "densepose14")


def _cost_cells(row, seed):
    model = _model(row, seed)
    splits = _splits()
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
    return [
        f"{_count(model.trainable_variables):.2f} M",
        f"{_count(model.inference_model().trainable_variables):.2f} M",
        f"{training / STEPS.value * len(batches):.1f}",
        f"{len(images) / embedding:.0f}",
    ]


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
    """The training batches of a run, by its recipe."""
    sys.path.insert(0, str(comparison.ROOT / "recipes"))
    recipe = importlib.import_module(comparison.recipe_of(row))
    make = getattr(recipe, "make_batches", recipe.reid_run.make_batches)
    given = comparison.summary(row, seed)["settings"]
    types = typing.get_type_hints(recipe.Settings)
    settings = recipe.Settings(
        **{
            field.name: _value(given[field.name], types[field.name])
            for field in dataclasses.fields(recipe.Settings)
            if field.name in given
        }
    )
    return make(settings, records)


def _value(value, kind):
    if isinstance(value, list):
        return tuple(value)
    return Path(value) if kind is Path and value is not None else value


if __name__ == "__main__":
    app.run(main)
