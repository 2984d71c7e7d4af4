"""Images that can be read, found before a model looks at any."""

import concurrent.futures

import numpy as np

from keras_drop.checks import refuse_negative
from keras_drop.data.reading.images import read_image
from keras_drop.data.reading.look_ahead import checked_workers
from keras_drop.data.reading.unreadable_files import UnreadableFiles


def readable_splits(splits, max_unreadable, workers=None):
    """Splits without the images that cannot be read, if they are few.

    Evaluation stops at a broken file, by its name. Where some are known to be
    broken, this leaves them out of queries and gallery before anything is
    embedded, so that every metric and picture is of the same images. Each
    file is opened once for that. Nothing stands in for a test image: the
    result is one of fewer images, and so its card says.

    Args:
        splits: Dictionary of `Records`.
        max_unreadable: How many files of all splits together may be broken,
            empty or gone; with 0 nothing is opened.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.

    Returns:
        Dictionary of `Records` of the images that can be read, in their
        order. A warning names the others.

    Raises:
        ValueError: More files than that.

    Example:
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import readable_splits
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> splits = {"query": Records([path, path], [7, 7], [0, 1])}
    >>> readable_splits(splits, max_unreadable=1)
    {'query': Records(2 images, 1 identities, 2 cameras)}
    """
    refuse_negative(max_unreadable=max_unreadable)
    if not max_unreadable:
        return dict(splits)
    files = UnreadableFiles(max_unreadable)

    def can_be_read(path):
        try:
            read_image(path)
        except (OSError, ValueError) as error:
            files.add(path, error)
            return False
        return True

    found = {}
    with concurrent.futures.ThreadPoolExecutor(
        checked_workers(workers)
    ) as threads:
        for split, records in splits.items():
            readable = list(threads.map(can_be_read, records.paths.tolist()))
            found[split] = records[np.array(readable, bool)]
    files.tell("they are left out of the evaluation")
    return found
