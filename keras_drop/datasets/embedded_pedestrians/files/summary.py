"""What a finished data set has beside its pictures."""

import csv
import dataclasses
import hashlib
import io
import json

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.files.job import COLUMNS
from keras_drop.datasets.embedded_pedestrians.files.plan import FOLDERS
from keras_drop.datasets.embedded_pedestrians.files.preview import draw_preview
from keras_drop.datasets.embedded_pedestrians.scene.occluders import (
    KINDS,
    draw_occluder,
)
from keras_drop.datasets.files.whole_files import encode, write_file

FINISHED = "dataset.json"
BANK_SIZE = 27


def finish(root, settings, reports):
    """Writes the table, the bank of obstacles, the preview and the summary.

    Args:
        root: `pathlib.Path` of the data set.
        settings: `Settings` of the run.
        reports: What `Job` said of every picture, in their order.
    """
    rows = [row for report in reports for row in report["rows"]]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([COLUMNS, *rows])
    write_file(root / "images.csv", text.getvalue().encode())
    _write_bank(root, settings.seed)
    preview = draw_preview(root, rows)
    write_file(root / "preview.png", encode(".png", preview))
    digest = hashlib.sha256("".join(r["digest"] for r in reports).encode())
    counts = {
        split: {
            "identities": len({row[1] for row in rows if row[-1] == split}),
            "images": sum(row[-1] == split for row in rows),
        }
        for split in FOLDERS
    }
    content = {
        "name": "embedded_pedestrians",
        "settings": dataclasses.asdict(settings),
        "counts": counts,
        "label_format": "densepose14",
        "sha256": digest.hexdigest(),
    }
    text = json.dumps(content, indent=2) + "\n"
    write_file(root / FINISHED, text.encode())


def _write_bank(root, seed):
    """Obstacles to paste over training images: none of them is filmed."""
    (root / "occluders").mkdir(exist_ok=True)
    kinds = list(KINDS)
    for number in range(BANK_SIZE):
        rng = np.random.default_rng([seed, 6, number])
        picture = draw_occluder(kinds[number % len(kinds)], rng).picture
        content = encode(".png", picture, cv2.IMWRITE_PNG_COMPRESSION, 4)
        write_file(root / "occluders" / f"{number:02d}.png", content)
