"""A drawn gallery of any size: people of whom some parts are hidden."""

import numpy as np

from keras_drop import Descriptors

NAMES = ("foreground", "head", "torso", "arms", "legs", "feet")
DIM = 512
_IMAGES_EACH = 10
_AT_A_TIME = 10_000


def draw_gallery(path, size):
    """`(size, 6, 512)` float32 embeddings, mapped, and what is seen of them.

    Ten images of everybody; the foreground is always seen, each part with
    70 %. The noise is as large as what tells people apart.
    """
    shape = size, len(NAMES), DIM
    embeddings = np.lib.format.open_memmap(path, "w+", "float32", shape)
    for start in range(0, size, _AT_A_TIME):
        people = np.arange(start, min(start + _AT_A_TIME, size))
        people //= _IMAGES_EACH
        centres = np.random.default_rng([1, start]).standard_normal(
            (people.max() - people.min() + 1, *shape[1:]), "float32"
        )
        block = centres[people - people.min()]
        rng = np.random.default_rng([2, start])
        block += rng.standard_normal(block.shape, "float32")
        embeddings[start : start + len(block)] = block
    seen = np.random.default_rng(3).random(shape[:2]) < 0.7
    seen[:, 0] = True
    embeddings.flush()
    return np.load(path, mmap_mode="r"), seen


def draw_queries(embeddings, seen, count, seed=0):
    """`Descriptors` of noisy images of some who are in the gallery."""
    rng = np.random.default_rng([seed, 4])
    rows = np.sort(rng.choice(len(embeddings), count, replace=False))
    noise = rng.standard_normal((count, len(NAMES), DIM), "float32")
    visibility = rng.random((count, len(NAMES))) < 0.7
    visibility[:, 0] = True
    return Descriptors(embeddings[rows] + noise, visibility, NAMES)
