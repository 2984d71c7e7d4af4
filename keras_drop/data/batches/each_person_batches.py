"""`EachPersonBatches`: epochs in which everybody appears once."""

import numpy as np

from keras_drop.data.batches.identity_batches import count_batches
from keras_drop.data.batches.training_batches import TrainingBatches


class EachPersonBatches(TrainingBatches):
    """Training batches whose epoch shows every person once.

    In random order, each with `images_each` random images; a person with
    fewer appears with repeated ones. People who fill no batch are left out
    for this epoch. So an epoch is short, where that of `TrainingBatches`
    shows nearly every image: of Market-1501 it has 46 batches of 16 people.
    A schedule in epochs means the one or the other.

    Args, results and errors are those of `TrainingBatches`.

    Example:
    >>> from keras_drop.data import EachPersonBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> records = Records([path] * 12, [3, 3, 3, 8, 8, 9] * 2, [0] * 12)
    >>> batches = EachPersonBatches(
    ...     records, (32, 16), num_identities=2, images_each=2)
    >>> len(batches), batches[0][0].shape
    (1, (4, 32, 16, 3))

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def _draw(self, epoch):
        rng = np.random.default_rng((self.seed, epoch))
        people = rng.permutation(np.unique(self._classes))
        num_batches = count_batches(np.ones_like(people), self.num_identities)
        rows = []
        for person in people[: num_batches * self.num_identities]:
            own = np.flatnonzero(self._classes == person)
            few = len(own) < self.images_each
            rows.append(rng.choice(own, self.images_each, replace=few))
        return np.array(rows).reshape(num_batches, -1)
