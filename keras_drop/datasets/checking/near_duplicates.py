"""Images of the test in training, stored anew."""

import numpy as np

from keras_drop.datasets.checking.finding import Finding

# Of 128 bits; with 8 bands of 16 bits, one is equal if 7 or fewer differ.
_MAX_BITS = 7
_MIN_CORRELATION = 0.98
_LEAST_CONTRAST = 4.0
_CHUNK = 2**18


def check_near_duplicates(splits, looks):
    """Findings on training images that are test images, but not bit by bit.

    They were scaled or compressed again, or made lighter or darker. Two
    images are taken for one if their `difference_hash` differs in 7 bits or
    fewer, and their thumbnails have a correlation of at least 0.98.

    Args:
        splits: Dictionary of `Records`.
        looks: The `ImageLook` of every image by its path.

    Returns:
        Iterator of `Finding`.
    """
    train = _candidates(splits.get("train", None), looks)
    tests = [records for name, records in splits.items() if name != "train"]
    test = sorted(set().union(*(_candidates(r, looks) for r in tests)))
    pairs = [
        (train[row], test[other])
        for row, other in near_pairs(
            _thumbnails(train, looks), _thumbnails(test, looks)
        )
        # Equal files are `image_overlap`.
        if looks[train[row]].content != looks[test[other]].content
    ]
    if pairs:
        num = len({path for path, _ in pairs})
        yield Finding(
            "warning",
            "near_duplicate",
            f"{num} training images look like a test image, though their "
            "files differ.",
            "Look at the pairs. If they are one photograph, stored twice, "
            "remove it from training: the test would be of known images.",
            tuple(pairs),
        )


def near_pairs(thumbnails, others):
    """Which thumbnails show the same.

    Args:
        thumbnails: `(n, 16, 9)` uint8 brightness.
        others: `(m, 16, 9)` likewise.

    Returns:
        `(pairs, 2)` rows of both, in order.

    Example:
    >>> import numpy as np
    >>> from keras_drop.datasets.checking.near_duplicates import near_pairs
    >>> rng = np.random.default_rng(0)
    >>> images = rng.integers(0, 200, (5, 16, 9)).astype("uint8")
    >>> near_pairs(images, images[3:4] + np.uint8(9)).tolist()
    [[3, 0]]
    """
    if not len(thumbnails) or not len(others):
        return np.zeros((0, 2), int)
    hashes, other_hashes = map(difference_hash, (thumbnails, others))
    shapes, other_shapes = map(_standardised, (thumbnails, others))
    found = []
    for band in range(hashes.shape[1]):
        for rows, columns in _equal(hashes[:, band], other_hashes[:, band]):
            differ = np.bitwise_count(hashes[rows] ^ other_hashes[columns])
            near = differ.sum(axis=1) <= _MAX_BITS
            rows, columns = rows[near], columns[near]
            same = (shapes[rows] * other_shapes[columns]).sum(axis=1)
            found.append(
                np.stack([rows, columns], axis=1)[same >= _MIN_CORRELATION]
            )
    return np.unique(np.concatenate([np.zeros((0, 2), int), *found]), axis=0)


def difference_hash(thumbnails):
    """Which pixels are lighter than their left neighbours.

    Args:
        thumbnails: `(n, 16, 9)` uint8.

    Returns:
        `(n, 8)` uint16, 128 bits each.
    """
    lighter = thumbnails[:, :, 1:] > thumbnails[:, :, :-1]
    return np.packbits(lighter.reshape(len(lighter), -1), axis=1).view("uint16")


def _equal(values, others):
    """Chunks of the rows of both with the same value."""
    order = np.argsort(others, kind="stable")
    ordered = others[order]
    first = np.searchsorted(ordered, values, "left")
    counts = np.searchsorted(ordered, values, "right") - first
    rows = np.flatnonzero(counts)
    ends = np.cumsum(counts[rows])
    start = 0
    while start < len(rows):
        before = ends[start - 1] if start else 0
        stop = max(np.searchsorted(ends, before + _CHUNK), start + 1)
        chosen = rows[start:stop]
        repeated = np.repeat(chosen, counts[chosen])
        begins = np.repeat(
            ends[start:stop] - counts[chosen] - before, counts[chosen]
        )
        place = first[repeated] + np.arange(len(repeated)) - begins
        yield repeated, order[place]
        start = stop


def _standardised(thumbnails):
    flat = thumbnails.reshape(len(thumbnails), -1).astype("float32")
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


def _candidates(records, looks):
    """Images in which there is something to see."""
    paths = [] if records is None else dict.fromkeys(records.paths.tolist())
    return [
        path
        for path in paths
        if looks[path].size and looks[path].thumbnail.std() >= _LEAST_CONTRAST
    ]


def _thumbnails(paths, looks):
    return np.array([looks[path].thumbnail for path in paths])
