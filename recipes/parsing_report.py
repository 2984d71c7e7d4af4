"""What a network that parses people is worth, and the labels it writes."""

import dataclasses
import hashlib
import json
from pathlib import Path

import keras
import numpy as np

import keras_drop as kd

_NUM_SHOWN = 8


def measure(settings, segmenter, records):
    """Overlap of what the network sees with the labels of the records."""
    labels = kd.data.ParsingLabels(settings.label_format, settings.schema)
    overlap = kd.evaluation.PartOverlap(settings.schema.part_names)
    parsed = kd.data.parse_images(
        segmenter, records.paths, settings.image_size, settings.batch_size
    )
    for path, found in zip(records.parsing_paths, parsed):
        if isinstance(found, Exception):
            raise found
        overlap.add(labels.group(labels.read(path, found.shape)), found)
    return as_dictionary(overlap, len(records))


def label_crops(settings, segmenter, records):
    """Writes the labels; the messages on images that cannot be read."""
    digest = hashlib.sha256()
    for variable in segmenter.variables:
        digest.update(keras.ops.convert_to_numpy(variable).tobytes())
    about = {
        "label_format": settings.written_format,
        "part_schema": settings.part_schema,
        "part_names": list(settings.schema.part_names),
        "image_size": list(settings.image_size),
        "weights": digest.hexdigest(),
    }
    problems = kd.data.write_part_labels(
        segmenter, records, settings.labels, settings.image_size, about
    )
    for message in problems:
        print(f"not labelled: {message}")
    return problems


def compare(settings):
    """Overlap of the labels in the folder with the true ones of the crops."""
    records = kd.datasets.read_parsed_images(
        settings.crops,
        settings.truth_dir,
        settings.label_format,
        settings.crop_folders,
    )
    records = records[records.parsing_paths != ""]
    truth = kd.data.ParsingLabels(settings.label_format, settings.schema)
    written = kd.data.ParsingLabels(settings.written_format, settings.schema)
    overlap = kd.evaluation.PartOverlap(settings.schema.part_names)
    count = 0
    for name, path, label in zip(
        records.names, records.paths, records.parsing_paths
    ):
        file = settings.labels / f"{name}.png"
        if not file.exists():
            continue
        size = kd.data.read_image(path).shape[:2]
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


def save_preview(settings, segmenter, records):
    """A picture of what the network sees in some images, evenly spread."""
    rows = np.linspace(0, len(records) - 1, num=_NUM_SHOWN).astype(int)
    paths = records.paths[np.unique(rows)]
    parsed = kd.data.parse_images(segmenter, paths, settings.image_size)
    names = settings.schema.part_names
    images, maps = [], []
    for path, found in zip(paths, parsed):
        if isinstance(found, Exception):
            continue
        image = kd.data.read_image(path)
        one_hot = np.eye(len(names) + 1, dtype="float32")[found]
        size = settings.image_size
        images.append(kd.data.resize_image(image, size))
        maps.append(one_hot[_nearest(found.shape, size)])
    maps = np.array(maps)
    kd.visualization.save_part_maps(
        settings.run_dir / "preview.png",
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


def report(settings, result, seconds):
    """Writes the table, `metrics.json` last, and says where all is."""
    folder = settings.run_dir
    columns = {name: result[name] for name in ("held_out", "crops")
               if name in result}  # fmt: skip
    table = overlap_table(columns)
    (folder / "results.md").write_text(table + "\n")
    summary = {
        **result,
        "settings": {
            name: str(value) if isinstance(value, Path) else value
            for name, value in dataclasses.asdict(settings).items()
        },
        "backend": keras.backend.backend(),
        "versions": {
            "keras_drop": kd.__version__,
            "keras": keras.__version__,
        },
        "seconds": round(seconds, 1),
    }
    (folder / "metrics.json").write_text(json.dumps(summary, indent=2))
    print(f"\n{table}\n\nEverything is in {folder}:")
    for path, text in {
        folder / "results.md": "the table above; metrics.json for programs",
        folder / "preview.png": "what the network sees in some images",
        folder / "segmenter.keras": "the network: keras_drop.load_model(...)",
        settings.labels: f"the labels, format {settings.written_format}",
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
