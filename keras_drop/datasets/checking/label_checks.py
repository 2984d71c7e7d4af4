"""Whether the parsing labels are there and fit their images."""

import functools
from pathlib import Path

import numpy as np

from keras_drop.datasets.checking.finding import Finding
from keras_drop.datasets.checking.label_look import look_at_label
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)

# Fewer labels do not say what a data set never has.
_FEWEST = 10


def check_labels(splits, sizes, label_format=None, map_all=map):
    """Findings on the parsing labels.

    Args:
        splits: Dictionary of `Records`.
        sizes: `(height, width)` of every image by its path, `None` for those
            that cannot be read.
        label_format: Name of their format, whose kind of file and range they
            have to keep; `None`: any kind, and any value, is right.
        map_all: What maps a function over labels, in their order.

    Returns:
        Iterator of `Finding`.
    """
    kind = find_label_format(label_format or "custom")
    look = functools.partial(
        look_at_label, ending=kind.ending if label_format else ""
    )
    for split, records in splits.items():
        labels = records.parsing_paths.tolist()
        there = [label for label in labels if label]
        looks = dict(zip(there, map_all(look, there)))
        pairs = list(zip(records.paths.tolist(), labels))
        yield from _each(split, pairs, looks, sizes, kind.highest)
        yield from _unused(split, looks, kind)
    yield from _unmatched(splits)


def _each(split, pairs, looks, sizes, highest):
    broken = [label for label in looks if looks[label].problem]
    if broken:
        yield Finding(
            "error",
            "label_unreadable",
            f"{len(broken)} parsing labels of {split} are missing or broken. "
            f"The first: {looks[broken[0]].problem}",
            "Labels are PNG files of one 8-bit channel, or (36, height, "
            "width) confidences from 0 to 1, as the `label_format` says: give "
            "that which they have, write them again, or remove them.",
            tuple(broken),
        )
    beyond = tuple(
        label
        for label, look in looks.items()
        if look.size and highest and look.used[highest + 1 :].any()
    )
    if beyond:
        yield Finding(
            "error",
            "label_range",
            f"{len(beyond)} parsing labels of {split} have values above "
            f"{highest}, the highest of their format.",
            "Give the `label_format` that they have.",
            beyond,
        )
    wrong = tuple(
        label
        for path, label in pairs
        if label
        and None not in (looks[label].size, sizes[path])
        and looks[label].size != sizes[path]
    )
    if wrong:
        yield Finding(
            "error",
            "label_size",
            f"{len(wrong)} parsing labels of {split} are not as large as "
            "their image.",
            "Make labels of the images that are here; of those that EXIF "
            "turns, of the upright image.",
            wrong,
        )
    without = tuple(path for path, label in pairs if not label)
    if split == "train" and 0 < len(without) < len(pairs):
        yield Finding(
            "warning",
            "label_missing",
            f"{len(without)} images of {split} have no parsing label.",
            "They do not count in the parsing loss. Label them, if there are "
            "many.",
            without,
        )


def _unused(split, looks, kind):
    """Channels, or values of a format that lists them, which nobody has."""
    for endings in ("confidence channels", "values"):
        used = [
            look.used
            for look in looks.values()
            if not look.problem and (look.size is None) == (endings[0] == "c")
        ]
        if len(used) < _FEWEST or (endings == "values" and _is_free(kind)):
            continue
        known = kind.highest + 1 if endings == "values" else 36
        never = np.flatnonzero(~np.any(used, axis=0)[:known])
        never = never[never > 0] if endings == "values" else never
        if len(never):
            yield Finding(
                "warning",
                "label_unused",
                f"The {endings} {', '.join(map(str, never))} are in none of "
                f"the {len(used)} parsing labels of {split}.",
                "A part that is made of these alone is never learnt. Check "
                "the `label_format`, or take a part schema without it.",
            )


def _is_free(kind):
    return kind.highest is None or kind.name == "custom"


def _unmatched(splits):
    known = {
        Path(path)
        for records in splits.values()
        for path in (*records.paths.tolist(), *records.parsing_paths.tolist())
    }
    folders = {
        Path(label).parent
        for records in splits.values()
        for label in records.parsing_paths.tolist()
        if label
    }
    unmatched = tuple(
        str(file)
        for folder in sorted(folders)
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix in (".npy", ".png") and file not in known
    )
    if unmatched:
        yield Finding(
            "warning",
            "label_unmatched",
            f"{len(unmatched)} parsing labels belong to no image.",
            "Their images are missing, or they are named differently.",
            unmatched,
        )
