"""Whether the parsing labels are there and fit their images."""

import collections
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.datasets.finding import Finding


def check_labels(split, records, sizes):
    """Findings on the parsing labels of one split.

    Args:
        split: Its name, for the messages.
        records: `Records`.
        sizes: `(height, width)` of every image by its path, `None` for those
            that cannot be read.

    Returns:
        Iterator of `Finding`.
    """
    without, wrong, broken, folders = [], [], [], collections.defaultdict(set)
    for path, label in zip(records.paths, records.parsing_paths):
        if not label:
            without.append(path)
            continue
        folders[Path(label).parent].add(Path(label).name)
        try:
            size = _label_size(label)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            broken.append(label)
            continue
        if None not in (size, sizes[path]) and size != sizes[path]:
            wrong.append(label)
    unmatched = [
        str(file)
        for folder, names in folders.items()
        for file in sorted(folder.iterdir())
        if file.suffix in (".npy", ".png") and file.name not in names
    ]
    if broken:
        yield Finding(
            "error",
            "label_unreadable",
            f"{len(broken)} parsing labels of {split} cannot be read, or are "
            "not (36, height, width).",
            tuple(broken),
        )
    if wrong:
        yield Finding(
            "error",
            "label_size",
            f"{len(wrong)} parsing labels of {split} are not as large as "
            "their image.",
            tuple(wrong),
        )
    if split == "train" and without and len(without) < len(records):
        yield Finding(
            "warning",
            "label_missing",
            f"{len(without)} images of {split} have no parsing label.",
            tuple(without),
        )
    if unmatched:
        yield Finding(
            "warning",
            "label_unmatched",
            f"{len(unmatched)} parsing labels of {split} belong to no image.",
            tuple(unmatched),
        )


def _label_size(label):
    """`(height, width)`; `None` for confidence fields, which may be small."""
    if label.endswith(".npy"):
        fields = np.load(label, mmap_mode="r", allow_pickle=False)
        if fields.ndim != 3 or fields.shape[0] != 36:
            raise ValueError(f"{label} has the shape {fields.shape}.")
        return None
    with Image.open(label) as image:
        image.load()
        return image.height, image.width
