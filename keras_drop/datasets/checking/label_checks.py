"""Whether the parsing labels are there and fit their images."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.datasets.checking.finding import Finding
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)


def check_labels(splits, sizes, label_format=None):
    """Findings on the parsing labels.

    Args:
        splits: Dictionary of `Records`.
        sizes: `(height, width)` of every image by its path, `None` for those
            that cannot be read.
        label_format: Name of their format, whose range they have to keep;
            `None`: of hard labels any value is right.

    Returns:
        Iterator of `Finding`.
    """
    highest = find_label_format(label_format or "custom").highest
    for split, records in splits.items():
        yield from _check_split(split, records, sizes, highest)
    files = {
        Path(path)
        for records in splits.values()
        for path in (*records.paths, *records.parsing_paths)
    }
    folders = {
        Path(label).parent
        for records in splits.values()
        for label in records.parsing_paths
        if label
    }
    unmatched = tuple(
        str(file)
        for folder in sorted(folders)
        for file in sorted(folder.iterdir())
        if file.suffix in (".npy", ".png") and file not in files
    )
    if unmatched:
        yield Finding(
            "warning",
            "label_unmatched",
            f"{len(unmatched)} parsing labels belong to no image.",
            unmatched,
        )


def _check_split(split, records, sizes, highest):
    without, wrong, broken, beyond = [], [], [], []
    for path, label in zip(records.paths, records.parsing_paths):
        if not label:
            without.append(path)
            continue
        try:
            size, value = _size_and_highest(label)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            broken.append(label)
            continue
        if None not in (size, sizes[path]) and size != sizes[path]:
            wrong.append(label)
        if None not in (value, highest) and value > highest:
            beyond.append(label)
    if broken:
        yield Finding(
            "error",
            "label_unreadable",
            f"{len(broken)} parsing labels of {split} are missing or broken, "
            "or neither one 8-bit channel nor (36, height, width) confidences "
            "from 0 to 1.",
            tuple(broken),
        )
    if beyond:
        yield Finding(
            "error",
            "label_range",
            f"{len(beyond)} parsing labels of {split} have values above "
            f"{highest}, the highest of their format.",
            tuple(beyond),
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


def _size_and_highest(label):
    """`(height, width)`, highest value; `None`s for confidence fields."""
    if label.endswith(".npy"):
        fields = np.load(label, allow_pickle=False)
        if fields.ndim != 3 or fields.shape[0] != 36:
            raise ValueError(f"{label} has the shape {fields.shape}.")
        if not ((fields >= 0) & (fields <= 1)).all():
            raise ValueError(f"{label} has values outside of [0, 1].")
        # They may be small, whatever the size of the image.
        return None, None
    with Image.open(label) as image:
        if image.mode not in ("L", "P"):
            raise ValueError(f"{label} has the mode {image.mode!r}.")
        return (image.height, image.width), int(np.asarray(image).max())
