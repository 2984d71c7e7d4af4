"""The contact sheet: identities by row, cameras by column."""

from pathlib import Path

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.scene.camera import NUM_CAMERAS
from keras_drop.densepose_parts import PART_NAMES

CELL = 64, 128  # width, height
NUM_PEOPLE = 12


def draw_preview(root, rows):
    """Contact sheet of some test people, whole, hidden, and with their parts.

    Args:
        root: Folder of the data set.
        rows: Rows of `images.csv`.

    Returns:
        `(height, width, 3)` uint8 RGB. Every person has two lines: the
        pictures by camera (left: gallery, right: query), and below the same
        with the part labels over them. A grey field is a camera that did not
        see the person.
    """
    queried = sorted({row[1] for row in rows if row[-1] == "query"})
    lines = []
    for person in queried[:NUM_PEOPLE]:
        plain, labelled = [], []
        for split in ("gallery", "query"):
            paths = {
                row[2]: row[0]
                for row in rows
                if row[1] == person and row[-1] == split and _fits(row, split)
            }
            for camera in range(NUM_CAMERAS):
                image, overlay = _cells(root, paths.get(camera))
                plain.append(image)
                labelled.append(overlay)
        lines += [np.hstack(plain), np.hstack(labelled)]
    return np.vstack(lines)


def _fits(row, split):
    """Whole pictures on the gallery's side, whatever is there on the other."""
    return split == "query" or row[5] == ""


def _cells(root, path):
    """A picture and the same with its parts, or two grey fields."""
    if path is None:
        empty = np.full((CELL[1], CELL[0], 3), 70, np.uint8)
        return empty, empty
    root = Path(root)
    image = cv2.imread(str(root / path))[..., ::-1]
    labels = cv2.imread(
        str((root / "parts" / path).with_suffix(".png")), cv2.IMREAD_GRAYSCALE
    )
    image = cv2.resize(image, CELL, interpolation=cv2.INTER_LINEAR_EXACT)
    labels = cv2.resize(labels, CELL, interpolation=cv2.INTER_NEAREST)
    colours = part_colours()[labels].astype(np.int32)
    overlay = np.where(
        labels[..., None] > 0, image // 3 + colours * 2 // 3, image // 2
    )
    return image, overlay.astype(np.uint8)


def part_colours():
    """`(15, 3)` uint8 colours of the parts, black for the background."""
    hues = [[(13 * k % 15 * 12, 210, 245)] for k in range(len(PART_NAMES))]
    colours = cv2.cvtColor(np.array(hues, np.uint8), cv2.COLOR_HSV2RGB)
    return np.concatenate([np.zeros((1, 3), np.uint8), colours[:, 0]])
