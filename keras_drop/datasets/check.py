"""Looks at every file of a data set for what would spoil a result."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.datasets.finding import Finding
from keras_drop.datasets.label_checks import check_labels
from keras_drop.datasets.query_checks import check_queries


def check_splits(splits, counts=None):
    """Checks the records of a data set, and opens all of its images.

    - `"counts"` (error): another number of images or identities than `counts`.
    - `"unreadable"` (error): image files that are missing or broken.
    - `"identity_overlap"` (error): people in training and in the test.
    - `"duplicate_query"` (error): query files with equal content.
    - `"no_positive"` (error): queries without a gallery image of the person
      under another camera.
    - `"query_in_gallery"` (note): query files that are gallery files too, by
      content. The junk rule removes them, as in Occluded-Duke; a warning if
      it does not, because their camera or identity differs.
    - `"label_missing"` (warning), `"label_size"`, `"label_unreadable"`
      (errors): parsing labels that are not there, do not fit, or cannot be
      read; `"label_unmatched"` (warning): label files without an image.
    - `"one_camera_an_image"` (warning): a camera number that hardly repeats,
      as a wrong file name pattern gives.

    Args:
        splits: Dictionary of `Records`: `"train"`, `"query"`, `"gallery"`.
        counts: For each split `(identities, images)` it has to have, such as
            `OCCLUDED_DUKE_COUNTS`; left out, counts are not checked.

    Returns:
        List of `Finding`, errors first; empty for a clean data set.

    Example:
    >>> from keras_drop import Records
    >>> records = Records(["missing.jpg"], [1], [0])
    >>> [finding.kind for finding in check_splits({"train": records})]
    ['unreadable']
    """
    findings = [*_counts(splits, counts or {})]
    sizes, contents = {}, {}
    for records in splits.values():
        for path in records.paths:
            if path not in sizes:
                sizes[path], contents[path] = _look(path)
    broken = tuple(path for path, size in sizes.items() if size is None)
    if broken:
        findings.append(
            Finding(
                "error",
                "unreadable",
                f"{len(broken)} images are missing or broken: copy them again.",
                broken,
            )
        )
    for split, records in splits.items():
        findings += check_labels(split, records, sizes)
        findings += _cameras(split, records)
    if "train" in splits:
        findings += _overlap(splits)
    if "query" in splits and "gallery" in splits:
        findings += check_queries(splits["query"], splits["gallery"], contents)
    order = ("error", "warning", "note")
    return sorted(findings, key=lambda finding: order.index(finding.level))


def _counts(splits, counts):
    for split, expected in counts.items():
        records = splits[split]
        found = len(np.unique(records.identities)), len(records)
        if found != tuple(expected):
            yield Finding(
                "error",
                "counts",
                f"{split} has {found[0]} identities and {found[1]} images, "
                f"not {expected[0]} and {expected[1]}: files are missing, or "
                "this is another data set.",
            )


def _look(path):
    """Size `(height, width)` and content hash; `None`s if unreadable."""
    try:
        content = Path(path).read_bytes()
        with Image.open(path) as image:
            image.load()
            size = image.height, image.width
    except (UnidentifiedImageError, OSError, SyntaxError):
        return None, None
    return size, hashlib.sha256(content).digest()


def _cameras(split, records):
    cameras = len(np.unique(records.cameras))
    if len(records) >= 10 and cameras > len(records) / 2:
        yield Finding(
            "warning",
            "one_camera_an_image",
            f"{split} has {cameras} cameras for {len(records)} images: the "
            "camera is probably read from the wrong part of the name.",
        )


def _overlap(splits):
    tested = [r.identities for name, r in splits.items() if name != "train"]
    if not tested:
        return
    both = np.intersect1d(splits["train"].identities, np.concatenate(tested))
    if both.size:
        yield Finding(
            "error",
            "identity_overlap",
            f"{both.size} people are in training and in the test.",
            tuple(both.tolist()),
        )
