"""Batches of images through a model, some at a time."""

import itertools

import numpy as np

# Batches of one call: to begin one costs tens of milliseconds.
_TOGETHER = 8


def describe_batches(embedder, batches):
    """What a model says of all images of some batches.

    Args:
        embedder: `Embedder`.
        batches: Iterator of what `read_batch` returns.

    Returns:
        `(images, parts, dim)` embeddings and `(images, parts)` float32
        visibility, `None` if no image could be read; and the list of the
        checksums.
    """
    embeddings, visibility, contents = [], [], []
    while some := list(itertools.islice(batches, _TOGETHER)):
        images = [images for images, _ in some]
        sums = [content for _, contents in some for content in contents]
        contents += sums
        if not any(sums):
            # Their place is kept; nothing is made of it.
            embeddings.append(None)
            visibility.append(len(sums))
            continue
        descriptors = describe_images(embedder, images)
        embeddings.append(descriptors.embeddings)
        visibility.append(descriptors.visibility.astype("float32"))
    shapes = [e.shape[1:] for e in embeddings if e is not None]
    if not shapes:
        return None, None, contents
    for k, found in enumerate(embeddings):
        if found is None:
            count = visibility[k]
            embeddings[k] = np.zeros((count, *shapes[0]), "float32")
            visibility[k] = np.zeros((count, shapes[0][0]), "float32")
    return np.concatenate(embeddings), np.concatenate(visibility), contents


def describe_images(embedder, batches):
    """`Descriptors` of all images of some batches.

    Args:
        embedder: `Embedder`.
        batches: List of `(images, height, width, 3)` float32 arrays, or of
            lists of uint8 arrays and `None`, of which nothing is to be said.
    """
    if isinstance(batches[0], list):
        black = np.zeros((8, 4, 3), "uint8")
        return embedder.embed(
            [black if i is None else i for images in batches for i in images]
        )
    import keras  # Here, since Keras takes seconds to load.

    class Read(keras.utils.PyDataset):
        """Batches that are in memory: floats that nobody need look at."""

        def __len__(self):
            return len(batches)

        def __getitem__(self, index):
            return batches[index]

    return embedder.embed(Read())
