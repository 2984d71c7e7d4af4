"""People with several images each in every batch."""

import dataclasses

import numpy as np

from keras_drop.checks import checked_choice, refuse_less_than_1

SAMPLINGS = ("proportional", "uniform")


@dataclasses.dataclass(frozen=True)
class IdentitySampler:
    """Batches of people with several images each; an epoch shows most images.

    The images of every person are shuffled and cut into chunks of
    `images_per_identity`. A batch is made of the chunks of
    `identities_per_batch` different people, until fewer people than that have
    a chunk left. Images that fill no chunk are left out for this epoch; a
    person with fewer images than a chunk gets one, drawn with replacement.

    A batch draws people in proportion to the chunks they have left, or all
    alike, and those without whom the last batches could not be filled are sure
    to be drawn. So an epoch always has the same number of batches, the largest
    possible. Drawn alike, people with few images come early in an epoch, and
    its end is of those who have many.

    Args:
        identities_per_batch: People in a batch.
        images_per_identity: Images of each of them.
        sampling: `"proportional"`, or `"uniform"`, as the papers' code.

    Raises:
        ValueError: A number below 1, or another `sampling`.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data import IdentitySampler
    >>> sampler = IdentitySampler(2, 2)
    >>> sampler.draw(
    ...     np.array([5, 5, 6, 6, 7, 7, 7]), np.random.default_rng(0)).shape
    (1, 4)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    identities_per_batch: int = 16
    images_per_identity: int = 4
    sampling: str = "proportional"

    def __post_init__(self):
        checked_choice("sampling", self.sampling, SAMPLINGS)
        refuse_less_than_1(
            identities_per_batch=self.identities_per_batch,
            images_per_identity=self.images_per_identity,
        )

    def draw(self, identities, rng):
        """Draws the batches of one epoch.

        Args:
            identities: `(num_images,)` integers.
            rng: `numpy.random.Generator`.

        Returns:
            `(num_batches, identities_per_batch * images_per_identity)` row
            numbers, the images of a person next to each other.

        Raises:
            ValueError: Fewer people than a batch needs.
        """
        per_batch = self.identities_per_batch
        chunks = _chunks(np.asarray(identities), self.images_per_identity, rng)
        left = np.array([len(of_person) for of_person in chunks])
        num_batches = count_batches(left, per_batch)
        batches = []
        for still_to_come in range(num_batches, 0, -1):
            # The smallest keys win: waiting times, at the rate of `left`.
            keys = rng.exponential(size=len(left))
            if self.sampling == "proportional":
                keys /= np.maximum(left, 1)
            keys[left == 0] = np.inf
            must = left >= still_to_come
            if must.sum() <= per_batch:
                keys[must] = -1.0
            people = np.argsort(keys)[:per_batch]
            rng.shuffle(people)
            batches.append([chunks[p][left[p] - 1] for p in people])
            left[people] -= 1
        return np.array(batches).reshape(num_batches, -1)


def count_batches(num_chunks, identities_per_batch):
    """The most batches of `identities_per_batch` different people.

    Args:
        num_chunks: `(num_people,)` chunks of each person.
        identities_per_batch: People in a batch.

    Returns:
        Integer.

    Raises:
        ValueError: Fewer people than a batch needs.

    Example:
    >>> from keras_drop.data.samplers.identity_sampler import count_batches
    >>> count_batches([3, 1, 1], identities_per_batch=2)
    2
    """
    num_chunks = np.asarray(num_chunks)
    if len(num_chunks) < identities_per_batch:
        raise ValueError(
            f"A batch needs {identities_per_batch} people, the records have "
            f"{len(num_chunks)}. Lower `identities_per_batch`."
        )
    count = int(num_chunks.sum()) // identities_per_batch
    while np.minimum(num_chunks, count).sum() < count * identities_per_batch:
        count -= 1
    return count


def _chunks(identities, length, rng):
    """For every person a list of `(length,)` row numbers."""
    order = np.argsort(identities, kind="stable")
    _, starts = np.unique(identities[order], return_index=True)
    chunks = []
    for rows in np.split(order, starts[1:]):
        if len(rows) < length:
            chunks.append([rng.choice(rows, length)])
            continue
        rows = rng.permutation(rows)
        rows = rows[: len(rows) // length * length]
        chunks.append(list(rows.reshape(-1, length)))
    return chunks
