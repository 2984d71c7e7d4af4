"""What a network that parses people is worth, and the labels it writes."""

import hashlib
import json

import keras
import numpy as np

from keras_drop.data import (
    ParsingLabels,
    parse_images,
    read_image,
    resize_image,
    write_part_labels,
)
from keras_drop.datasets import read_parsed_images
from keras_drop.evaluation import PartOverlap
from keras_drop.visualization import save_part_maps

_NUM_SHOWN = 8


def measure(run, segmenter, records):
    """Overlap of what the network sees with the labels of the records."""
    labels = ParsingLabels(run.learn.label_format, run.learn.schema)
    overlap = PartOverlap(run.learn.schema.part_names)
    parsed = parse_images(
        segmenter, records.paths, run.network.image_size, run.fit.batch_size
    )
    for path, found in zip(records.parsing_paths, parsed):
        if isinstance(found, Exception):
            raise found
        overlap.add(labels.group(labels.read(path, found.shape)), found)
    return as_dictionary(overlap, len(records))


def label_crops(run, segmenter, records):
    """Writes the labels; the messages on images that cannot be read."""
    digest = hashlib.sha256()
    for variable in segmenter.variables:
        digest.update(keras.ops.convert_to_numpy(variable).tobytes())
    about = {
        "label_format": run.learn.written_format,
        "part_schema": run.learn.part_schema,
        "part_names": list(run.learn.schema.part_names),
        "image_size": list(run.network.image_size),
        "weights": digest.hexdigest(),
    }
    problems = write_part_labels(
        segmenter, records, run.labels, run.network.image_size, about
    )
    for message in problems:
        print(f"not labelled: {message}")
    return problems


def compare(run):
    """Overlap of the labels in the folder with the true ones of the crops."""
    records = read_parsed_images(
        run.label.crops,
        run.label.truth_dir,
        run.learn.label_format,
        run.label.crop_folders,
    )
    records = records[records.parsing_paths != ""]
    truth = ParsingLabels(run.learn.label_format, run.learn.schema)
    written = ParsingLabels(run.learn.written_format, run.learn.schema)
    overlap = PartOverlap(run.learn.schema.part_names)
    count = 0
    for name, path, label in zip(
        records.names, records.paths, records.parsing_paths
    ):
        file = run.labels / f"{name}.png"
        if not file.exists():
            continue
        size = read_image(path).shape[:2]
        overlap.add(
            truth.group(truth.read(label, size)),
            written.group(written.read(file, size)),
        )
        count += 1
    return as_dictionary(overlap, count)


def as_dictionary(overlap, num_images):
    """The figures of a `PartOverlap`; parts that never occur are left out."""
    return {
        "images": num_images,
        "mean_iou": overlap.mean(),
        "mean_iou_of_parts": overlap.mean(background=False),
        "pixel_accuracy": overlap.accuracy(),
        "iou": {
            name: float(value)
            for name, value in overlap.of_each().items()
            if not np.isnan(value)
        },
    }


def save_preview(run, segmenter, records):
    """A picture of what the network sees in some images, evenly spread."""
    rows = np.linspace(0, len(records) - 1, num=_NUM_SHOWN).astype(int)
    paths = records.paths[np.unique(rows)]
    parsed = parse_images(segmenter, paths, run.network.image_size)
    names = run.learn.schema.part_names
    images, maps = [], []
    for path, found in zip(paths, parsed):
        if isinstance(found, Exception):
            continue
        image = read_image(path)
        one_hot = np.eye(len(names) + 1, dtype="float32")[found]
        size = run.network.image_size
        images.append(resize_image(image, size))
        maps.append(one_hot[_nearest(found.shape, size)])
    maps = np.array(maps)
    save_part_maps(
        run.run_dir / "preview.png",
        np.array(images),
        maps,
        maps[..., 1:].any(axis=(1, 2)),
        names,
    )


def _nearest(old, new):
    """Index of the rows and columns of an array of another size."""
    return np.ix_(
        *(
            (2 * np.arange(count) + 1) * length // (2 * count)
            for length, count in zip(old, new)
        )
    )


def report(run, result, seconds):
    """Writes the table, and says where all is."""
    folder = run.run_dir
    columns = {k: result[k] for k in ("held_out", "crops") if k in result}
    table = overlap_table(columns)
    (folder / "results.md").write_text(table + "\n")
    (folder / "overlap.json").write_text(json.dumps(result, indent=2))
    print(f"\n{table}\n\nIn {seconds / 60:.1f} minutes. It is in {folder}:")
    for path, text in {
        folder / "results.md": "the table above; overlap.json for programs",
        folder / "settings.flags": "the settings: train --flagfile=…",
        folder / "preview.png": "what the network sees in some images",
        folder / "segmenter.keras": "the network: keras_drop.load_model(...)",
        run.labels: f"the labels, format {run.learn.written_format}",
    }.items():
        if path.exists():
            print(f"  {path}  {text}")


def overlap_table(columns):
    """Intersection over union of each part in percent, as Markdown."""
    names = list(dict.fromkeys(n for c in columns.values() for n in c["iou"]))
    titles = [
        f"{name.replace('_', ' ')} ({column['images']:,})"
        for name, column in columns.items()
    ]
    rows = [
        [
            name.replace("_", " "),
            *(c["iou"].get(name) for c in columns.values()),
        ]
        for name in names
    ]
    rows.append(["**mean**", *(c["mean_iou"] for c in columns.values())])
    lines = [f"| IoU (%) | {' | '.join(titles)} |"]
    lines.append(f"| --- |{' ---: |' * len(columns)}")
    for name, *values in rows:
        cells = ["-" if v is None else f"{100 * v:.1f}" for v in values]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
