"""Batches in which every data set has as many people."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class BalancedSampler:
    """Batches of several data sets with as many people of each.

    Without it a batch draws people in proportion to their images, and a small
    set is hardly seen. An epoch has as many batches as the images of all sets
    fill, as without; a small set is drawn anew until then, of a large one a
    part is seen in each epoch.

    Args:
        sampler: `IdentitySampler` or `EachIdentityOnceSampler` of the whole
            batch.
        data_set: `(num_images,)` numbers of the sets, as `join_records` adds
            them.

    Raises:
        ValueError: One set alone, or people in a batch that cannot be shared
            out equally.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data import BalancedSampler, IdentitySampler
    >>> data_set = np.repeat([0, 1], [12, 4])
    >>> identities = np.repeat(np.arange(8), 2)
    >>> sampler = BalancedSampler(IdentitySampler(4, 2), data_set)
    >>> rows = sampler.draw(identities, np.random.default_rng(0))
    >>> data_set[rows].tolist()
    [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1]]
    """

    sampler: object
    data_set: np.ndarray

    def __post_init__(self):
        count, people = len(self._sets), self.sampler.identities_per_batch
        if count < 2:
            raise ValueError(
                "Batches are balanced between several data sets; this is one. "
                "Leave `balance_sets` out."
            )
        if people % count:
            raise ValueError(
                f"{people} people in a batch cannot be shared out equally "
                f"among {count} data sets. Set `identities_per_batch` to "
                f"{-(-people // count) * count}."
            )

    def draw(self, identities, rng):
        """Draws the batches of one epoch, as `IdentitySampler.draw`.

        Raises:
            ValueError: A set with fewer people than its share of a batch.
        """
        identities = np.asarray(identities)
        if len(identities) != len(self.data_set):
            raise ValueError(
                f"`data_set` says of {len(self.data_set)} images from which "
                f"set they are; there are {len(identities)}."
            )
        sampler = dataclasses.replace(
            self.sampler,
            identities_per_batch=self.sampler.identities_per_batch
            // len(self._sets),
        )
        drawn = []
        for number in self._sets:
            rows = np.flatnonzero(self.data_set == number)
            of_set = [rows[sampler.draw(identities[rows], rng)]]
            drawn.append((rows, of_set))
        # As many rows as all sets have together, in batches of all of them.
        total = sum(of_set[0].size for _, of_set in drawn)
        share = drawn[0][1][0].shape[1]
        num_batches = max(1, total // (share * len(drawn)))
        parts = []
        for rows, of_set in drawn:
            while sum(map(len, of_set)) < num_batches:
                of_set.append(rows[sampler.draw(identities[rows], rng)])
            part = np.concatenate(of_set)
            # Not the first ones: those have the people with most images.
            chosen = rng.permutation(len(part))[:num_batches]
            parts.append(part[chosen])
        return np.concatenate(parts, axis=1)

    @property
    def _sets(self):
        return np.unique(self.data_set)
