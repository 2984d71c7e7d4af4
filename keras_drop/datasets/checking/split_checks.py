"""Whether cameras and rows repeat, and training and test are apart."""

import numpy as np

from keras_drop.datasets.checking.finding import Finding, called


def check_cameras(splits):
    """Findings on the numbers of cameras.

    Args:
        splits: Dictionary of `Records`.

    Returns:
        Iterator of `Finding`.
    """
    for split, records in splits.items():
        cameras = len(np.unique(records.cameras))
        if len(records) >= 10 and cameras > len(records) / 2:
            yield Finding(
                "warning",
                "one_camera_an_image",
                f"{split} has {cameras} cameras for {len(records)} images.",
                "The camera is probably read from the wrong part of the name, "
                "such as the number of the image: correct the pattern or the "
                "column.",
            )


def check_rows(splits):
    """Findings on images that are listed more than once.

    Args:
        splits: Dictionary of `Records`.

    Returns:
        Iterator of `Finding`; of queries `"duplicate_query"` is said.
    """
    for split, records in splits.items():
        paths, counts = np.unique(records.paths, return_counts=True)
        again = tuple(paths[counts > 1].tolist())
        if again and split != "query":
            yield Finding(
                "warning",
                "listed_again",
                f"{len(again)} images of {split} are listed more than once.",
                "Each row counts. Leave the one with the right identity and "
                "camera.",
                again,
            )


def check_overlap(splits, contents, shared_numbers=True):
    """Findings on people and files that are in training and in the test.

    Args:
        splits: Dictionary of `Records`.
        contents: A hash of the content of every image by its path, `None` for
            those that cannot be read.
        shared_numbers: Whether an identity in both is one person.

    Returns:
        Iterator of `Finding`.
    """
    tests = [records for name, records in splits.items() if name != "train"]
    if "train" not in splits:
        return
    if shared_numbers:
        yield from _identity_overlap(splits["train"], tests)
    tested = {contents[path] for r in tests for path in r.paths} - {None}
    both = tuple(
        path
        for path in splits["train"].paths.tolist()
        if contents[path] in tested
    )
    if both:
        yield Finding(
            "error",
            "image_overlap",
            f"{len(both)} training images have the content of a test image.",
            "Remove them from training: the test would be of known images.",
            both,
        )


def _identity_overlap(train, tests):
    test = set().union(*(records.identities.tolist() for records in tests))
    both = sorted(set(train.identities.tolist()) & test - {-1})
    names = dict(zip(train.identities.tolist(), called(train).tolist()))
    if both:
        yield Finding(
            "error",
            "identity_overlap",
            f"{len(both)} people are in training and in the test.",
            "Move each to one side. Where both number their people from 0, "
            "they are others: then give one side numbers of its own.",
            tuple(names[person] for person in both),
        )
