"""Looks at every file of a data set for what would spoil a result."""

import concurrent.futures
import os

from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.checking.finding import LEVELS
from keras_drop.datasets.checking.image_checks import check_images
from keras_drop.datasets.checking.image_look import look_at_image
from keras_drop.datasets.checking.label_checks import check_labels
from keras_drop.datasets.checking.near_duplicates import check_near_duplicates
from keras_drop.datasets.checking.query_checks import check_queries
from keras_drop.datasets.checking.split_checks import (
    check_cameras,
    check_overlap,
    check_rows,
)


def check_splits(splits, counts=None, shared_numbers=True, label_format=None):
    """Checks the records of a data set, and opens all of its images.

    - `"counts"` (error): another number of images or identities than `counts`.
    - `"unreadable"` (error): image files that are missing, broken, empty,
      too large, or none at all.
    - `"identity_overlap"` (error): people in training and in the test;
      `"image_overlap"` (error): training files that are test files too, by
      content; `"near_duplicate"` (warning): those that were stored anew.
    - `"duplicate_query"` (error): query files with equal content.
    - `"no_positive"` (error): queries without a gallery image of the person
      under another camera.
    - `"query_in_gallery"` (note): query files that are gallery files too, by
      content. The junk rule removes them, as in Occluded-Duke; a warning if
      it does not, because their camera or identity differs.
    - `"label_missing"` (warning), `"label_size"`, `"label_range"`,
      `"label_unreadable"` (errors): parsing labels that are not there, do not
      fit the image, have values of another format, or cannot be read;
      `"label_unmatched"` (warning): label files without an image;
      `"label_unused"` (warning): channels or values that none of ten or more
      labels has.
    - `"one_camera_an_image"` (warning): a camera number that hardly repeats,
      as a wrong file name pattern gives.
    - `"listed_again"` (warning): images that have several rows in training or
      gallery.
    - `"shape"` (warning): images that are not shaped like a standing person;
      `"channel_order"` (warning): heads that have the colour of skin with red
      and blue exchanged, if twenty images or more are in colour.
    - `"turned"`, `"deep"`, `"transparent"`, `"grey"` (notes): images that
      EXIF turns, of 16 bits, with transparent pixels, without colour; `"dark"`
      (warning): 16 bits of which the upper 4 are not used.

    Args:
        splits: Dictionary of `Records`: `"train"`, `"query"`, `"gallery"`.
        counts: For each split `(identities, images)` it has to have, such as
            `data_set("occluded_duke").counts`; `"all"` is training and test
            together, and `None` is not checked.
        shared_numbers: Whether an identity in training and in the test is
            one person; false for MSMT17, which counts both from 0.
        label_format: Name of the format of the parsing labels; left out, the
            range of their values, and whether they are all PNG files or all
            confidences, is not checked.

    Returns:
        List of `Finding`, errors first; empty for a clean data set.

    Example:
    >>> from keras_drop.datasets import check_splits
    >>> from keras_drop import Records
    >>> records = Records(["missing.jpg"], [1], [0])
    >>> [finding.kind for finding in check_splits({"train": records})]
    ['unreadable']
    """
    paths = sorted({p for r in splits.values() for p in r.paths.tolist()})
    threads = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    with threads:
        looks = dict(zip(paths, threads.map(look_at_image, paths)))
        sizes = {path: look.size for path, look in looks.items()}
        labels = [*check_labels(splits, sizes, label_format, threads.map)]
    contents = {path: look.content for path, look in looks.items()}
    findings = [
        *check_counts(splits, counts or {}),
        *check_images(splits, looks),
        *labels,
        *check_cameras(splits),
        *check_rows(splits),
        *check_overlap(splits, contents, shared_numbers),
        *check_near_duplicates(splits, looks),
    ]
    if "query" in splits and "gallery" in splits:
        findings += check_queries(splits["query"], splits["gallery"], contents)
    return sorted(findings, key=lambda f: LEVELS.index(f.level))
