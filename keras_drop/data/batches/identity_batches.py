"""Which images stand together in a batch: people with several images each."""

import numpy as np


def identity_batches(identities, num_identities, images_each, rng):
    """Draws the batches of one epoch.

    The images of every person are shuffled and cut into chunks of
    `images_each`. A batch is made of the chunks of `num_identities` different
    people, until fewer people than that have a chunk left. Images that fill
    no chunk are left out for this epoch; a person with fewer images than a
    chunk gets one, drawn with replacement.

    A batch draws people in proportion to the chunks they have left, and those
    without whom the last batches could not be filled are sure to be drawn.
    So an epoch always has the same number of batches, the largest possible.

    Args:
        identities: `(num_images,)` integers.
        num_identities: People in a batch.
        images_each: Images of each person in a batch.
        rng: `numpy.random.Generator`.

    Returns:
        `(num_batches, num_identities * images_each)` row numbers, the images
        of a person next to each other.

    Raises:
        ValueError: Fewer people than a batch needs.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data import identity_batches
    >>> rng = np.random.default_rng(0)
    >>> identity_batches(np.array([5, 5, 6, 6, 7, 7, 7]), 2, 2, rng).shape
    (1, 4)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    chunks = _chunks(np.asarray(identities), images_each, rng)
    left = np.array([len(of_person) for of_person in chunks])
    num_batches = count_batches(left, num_identities)
    batches = []
    for still_to_come in range(num_batches, 0, -1):
        # The smallest keys win: waiting times, at the rate of `left`.
        keys = rng.exponential(size=len(left)) / np.maximum(left, 1)
        keys[left == 0] = np.inf
        must = left >= still_to_come
        if must.sum() <= num_identities:
            keys[must] = -1.0
        people = np.argsort(keys)[:num_identities]
        rng.shuffle(people)
        batches.append([chunks[person][left[person] - 1] for person in people])
        left[people] -= 1
    return np.array(batches).reshape(num_batches, -1)


def count_batches(num_chunks, num_identities):
    """The most batches of `num_identities` different people.

    Args:
        num_chunks: `(num_people,)` chunks of each person.
        num_identities: People in a batch.

    Returns:
        Integer.

    Raises:
        ValueError: Fewer people than a batch needs.

    Example:
    >>> from keras_drop.data.batches.identity_batches import count_batches
    >>> count_batches([3, 1, 1], num_identities=2)
    2
    """
    num_chunks = np.asarray(num_chunks)
    if len(num_chunks) < num_identities:
        raise ValueError(
            f"A batch needs {num_identities} people, the records have "
            f"{len(num_chunks)}. Lower `num_identities`."
        )
    count = int(num_chunks.sum()) // num_identities
    while np.minimum(num_chunks, count).sum() < count * num_identities:
        count -= 1
    return count


def _chunks(identities, images_each, rng):
    """For every person a list of `(images_each,)` row numbers."""
    order = np.argsort(identities, kind="stable")
    _, starts = np.unique(identities[order], return_index=True)
    chunks = []
    for rows in np.split(order, starts[1:]):
        if len(rows) < images_each:
            chunks.append([rng.choice(rows, images_each)])
            continue
        rows = rng.permutation(rows)
        rows = rows[: len(rows) // images_each * images_each]
        chunks.append(list(rows.reshape(-1, images_each)))
    return chunks
