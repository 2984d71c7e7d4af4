"""Epochs in which everybody appears once."""

import dataclasses

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.data.samplers.identity_sampler import count_batches


@dataclasses.dataclass(frozen=True)
class EachIdentityOnceSampler:
    """Batches of people with several images each; an epoch shows all people.

    Each of them once, in random order, with `images_per_identity` random
    images; a person with fewer appears with repeated ones. People who fill no
    batch are left out for this epoch. So an epoch is short, where that of
    `IdentitySampler` shows nearly every image: of Market-1501 it has 46
    batches of 16 people. A schedule in epochs means the one or the other.

    Args:
        identities_per_batch: People in a batch.
        images_per_identity: Images of each of them.

    Raises:
        ValueError: A number below 1.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data import EachIdentityOnceSampler
    >>> sampler = EachIdentityOnceSampler(2, 2)
    >>> sampler.draw(
    ...     np.array([3, 3, 3, 8, 8, 9] * 2), np.random.default_rng(0)).shape
    (1, 4)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    identities_per_batch: int = 16
    images_per_identity: int = 4

    def __post_init__(self):
        refuse_less_than_1(
            identities_per_batch=self.identities_per_batch,
            images_per_identity=self.images_per_identity,
        )

    def draw(self, identities, rng):
        """Draws the batches of one epoch, as `IdentitySampler.draw`."""
        people = rng.permutation(np.unique(identities))
        num_batches = count_batches(
            np.ones_like(people), self.identities_per_batch
        )
        rows = []
        for person in people[: num_batches * self.identities_per_batch]:
            own = np.flatnonzero(identities == person)
            few = len(own) < self.images_per_identity
            rows.append(rng.choice(own, self.images_per_identity, replace=few))
        return np.array(rows).reshape(num_batches, -1)
