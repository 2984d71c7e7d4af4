"""What one worker does: draw a picture, write its files, report on it."""

import dataclasses
import hashlib
import multiprocessing
import multiprocessing.connection
import os
import threading
from pathlib import Path

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.files.label_noise import (
    degrade_labels,
)
from keras_drop.datasets.embedded_pedestrians.files.plan import (
    FOLDERS,
    draw_people,
)
from keras_drop.datasets.embedded_pedestrians.scene.camera import draw_cameras
from keras_drop.datasets.embedded_pedestrians.scene.compose import compose
from keras_drop.datasets.files.whole_files import encode, write_file
from keras_drop.densepose_parts import PART_NAMES

COLUMNS = (
    "path",
    "identity",
    "camera",
    "view",
    "occlusion",
    "occluder",
    *(f"visible_{name}" for name in PART_NAMES),
    "box_error",
    "twin_of",
    "split",
)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the pixels of a data set depend on.

    Args:
        preset: Name of the preset.
        seed: Whole number.
        occlusion: Name of the severity.
        label_noise: Strength of the mistakes in the training labels.
        hidden_share: Share of the training images that are hidden.
        hidden_parts: Share of the hidden images with parts hidden wholly.
        version: Of the generator; another one draws other pixels.
    """

    preset: str
    seed: int
    occlusion: str
    label_noise: float
    hidden_share: float = 0.1
    hidden_parts: float = 0.0
    version: int = 1


class Job:
    """Draws and writes the picture of one `Task` at a time.

    Args:
        root: Folder of the data set.
        settings: `Settings`.
    """

    def __init__(self, root, settings):
        self.root = Path(root)
        self.settings = settings
        self.people, self.twins = draw_people(settings.preset, settings.seed)

    def __call__(self, task):
        """Report of the picture: index, digest, rows of `images.csv`."""
        seed = self.settings.seed
        picture = compose(task, self.people[task.identity - 1], seed)
        labels = picture.labels
        if task.splits == ("train",) and self.settings.label_noise > 0:
            rng = np.random.default_rng([seed, 5, task.index])
            labels = degrade_labels(labels, self.settings.label_noise, rng)
        quality = draw_cameras(seed)[task.camera].jpeg_quality
        jpeg = encode(".jpg", picture.image, cv2.IMWRITE_JPEG_QUALITY, quality)
        png = encode(".png", labels, cv2.IMWRITE_PNG_COMPRESSION, 4)
        for split in task.splits:
            folder = FOLDERS[split]
            write_file(self.root / folder / f"{task.stem}.jpg", jpeg)
            write_file(self.root / "parts" / folder / f"{task.stem}.png", png)
        return {
            "index": task.index,
            "digest": pixel_digest(picture.image, labels),
            "rows": [self._row(task, split, picture) for split in task.splits],
        }

    def _row(self, task, split, picture):
        visible = picture.visible_parts
        return [
            f"{FOLDERS[split]}/{task.stem}.jpg",
            task.identity,
            task.camera,
            picture.view,
            f"{picture.occlusion:.4f}",
            picture.occluder,
            *(f"{value:.4f}" for value in visible),
            picture.box_error,
            self.twins[task.identity - 1] or "",
            split,
        ]


def pixel_digest(*arrays):
    """SHA-256 over the shapes and the values of 8-bit arrays."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


_job = None


def start_worker(root, settings):
    """Makes this process ready for `run_task`, and end with its parent."""
    global _job
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _job = Job(root, settings)


def run_task(task):
    """Report of one `Task`, drawn by this process."""
    return _job(task)


def _end_with_parent():
    """Ends this process with the one that it draws for.

    A pool that is killed cannot end its workers; they would wait for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
