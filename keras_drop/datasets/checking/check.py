"""Looks at every file of a data set for what would spoil a result."""

import concurrent.futures
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.checking.finding import Finding
from keras_drop.datasets.checking.label_checks import check_labels
from keras_drop.datasets.checking.query_checks import check_queries


def check_splits(splits, counts=None, shared_numbers=True, label_format=None):
    """Checks the records of a data set, and opens all of its images.

    - `"counts"` (error): another number of images or identities than `counts`.
    - `"unreadable"` (error): image files that are missing or broken.
    - `"identity_overlap"` (error): people in training and in the test;
      `"image_overlap"` (error): training files that are test files too, by
      content.
    - `"duplicate_query"` (error): query files with equal content.
    - `"no_positive"` (error): queries without a gallery image of the person
      under another camera.
    - `"query_in_gallery"` (note): query files that are gallery files too, by
      content. The junk rule removes them, as in Occluded-Duke; a warning if
      it does not, because their camera or identity differs.
    - `"label_missing"` (warning), `"label_size"`, `"label_range"`,
      `"label_unreadable"` (errors): parsing labels that are not there, do not
      fit the image, have values of another format, or cannot be read;
      `"label_unmatched"` (warning): label files without an image.
    - `"one_camera_an_image"` (warning): a camera number that hardly repeats,
      as a wrong file name pattern gives.

    Args:
        splits: Dictionary of `Records`: `"train"`, `"query"`, `"gallery"`.
        counts: For each split `(identities, images)` it has to have, such as
            `data_set("occluded_duke").counts`; `"all"` is training and test
            together, and `None` is not checked.
        shared_numbers: Whether an identity in training and in the test is
            one person; false for MSMT17, which counts both from 0.
        label_format: Name of the format of the parsing labels; left out, the
            range of their values is not checked.

    Returns:
        List of `Finding`, errors first; empty for a clean data set.

    Example:
    >>> from keras_drop.datasets import check_splits
    >>> from keras_drop import Records
    >>> records = Records(["missing.jpg"], [1], [0])
    >>> [finding.kind for finding in check_splits({"train": records})]
    ['unreadable']
    """
    findings = [*check_counts(splits, counts or {})]
    paths = sorted({path for r in splits.values() for path in r.paths})
    with concurrent.futures.ThreadPoolExecutor() as threads:
        looks = dict(zip(paths, threads.map(_look, paths)))
    sizes = {path: size for path, (size, _) in looks.items()}
    contents = {path: content for path, (_, content) in looks.items()}
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
    findings += check_labels(splits, sizes, label_format)
    for split, records in splits.items():
        findings += _cameras(split, records)
    if shared_numbers:
        findings += _identity_overlap(splits)
    findings += _image_overlap(splits, contents)
    if "query" in splits and "gallery" in splits:
        findings += check_queries(splits["query"], splits["gallery"], contents)
    order = ("error", "warning", "note")
    return sorted(findings, key=lambda finding: order.index(finding.level))


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


def _identity_overlap(splits):
    train, test = set(), set()
    for split, records in splits.items():
        (train if split == "train" else test).update(records.identities)
    both = sorted(int(identity) for identity in train & test - {-1})
    if both:
        yield Finding(
            "error",
            "identity_overlap",
            f"{len(both)} people are in training and in the test.",
            tuple(both),
        )


def _image_overlap(splits, contents):
    tested = {
        contents[path]
        for split, records in splits.items()
        if split != "train"
        for path in records.paths
    } - {None}
    trained = splits["train"].paths if "train" in splits else ()
    both = tuple(path for path in trained if contents[path] in tested)
    if both:
        yield Finding(
            "error",
            "image_overlap",
            f"{len(both)} training images have the content of a test image.",
            both,
        )
