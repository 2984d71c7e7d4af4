"""`TrainingBatches`: what `fit` gets."""

import functools

import numpy as np

from keras_drop.data.batches.epoch_batches import EpochBatches
from keras_drop.data.batches.training_checks import check_training
from keras_drop.data.batches.training_files import TrainingFiles
from keras_drop.data.batches.training_views import TrainingViews
from keras_drop.data.labels.identity_labels import identity_labels
from keras_drop.data.samplers.identity_sampler import IdentitySampler
from keras_drop.data.transforms.random_transform import (
    checked_transforms,
    random_transform,
)


class TrainingBatches(EpochBatches):
    """Batches of people for `fit`: images, identities and parsing labels.

    What a batch holds depends on `seed`, `epoch` and its index alone, not on
    the number of workers or on what was asked for before. The images of one
    person are neighbours, so a batch that is cut between people leaves every
    replica whole groups.

    Give `fit` the argument `shuffle=False`: the batches are random already,
    and asked for in order they are made ahead. `epoch` counts the epochs that
    were shown in full; `batches.epoch = 20` resumes a run at epoch 20.

    Args:
        records: `Records` of the training images.
        image_size: `(height, width)`, both multiples of 4.
        labels: `ParsingLabels`: the format of the label files and the parts
            to make of them; `None` for models without parts: then there are
            no parsing labels in the batches.
        sampler: Who stands in a batch: `IdentitySampler`, or
            `EachIdentityOnceSampler`.
        transforms: Which random changes happen, in any order, by the names
            that `random_transform` explains.
        occlusions: Stages of `keras_drop.data.occlusions` that hide the
            images, one after the other. Labels are background there.
        occluded_stream: Stages for a second copy of the images, which
            `occlusions` have changed already; `None` for no copy.
        visibility_targets: Whether to add what is in sight to the targets.
        seed: Integer, not negative.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.
        cache_megabytes: Memory for decoded images and labels. Those that do
            not fit are decoded again in every epoch.
        max_unreadable: How many files may be broken or vanish: others stand
            in for them, and every epoch warns of new ones. 0 stops at the
            first.

    Returns:
        `batches[index]` is `(images, targets)`: images `(batch, height,
        width, 3)` float32 pixel values from 0 to 255, and a dictionary of

        - `"identities"`: `(batch,)` int32 labels from `identity_labels`.
        - `"parsing"`: `(batch, height / 4, width / 4, num_parts + 1)` float32
          soft labels, background first, sum 1.
        - `"parsing_weight"`: `(batch,)` float32, 0 for images without a
          label, whose `"parsing"` is background.
        - `"valid"`, with `visibility_targets`: `(batch, height / 4, width / 4)`
          float32, 1 for cells without border, erased rectangle or occluder.
        - `"part_visibility"`, with `visibility_targets` and `labels`: `(batch,
          num_parts)` float32, the share of each part's pixels in the crop that
          is in sight, 0 for a part that is not there.
        - `"occluded_images"`, `"occluded_parsing"`, `"occluded_valid"`,
          `"occluded_part_visibility"`: the second copy and its labels, with
          `occluded_stream`.

    Raises:
        ValueError: Too few people, no label in any record, an unknown name;
            later, a file that is broken or does not fit, by its name.

    Example:
    >>> from keras_drop.data import IdentitySampler, TrainingBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> records = Records([path] * 4, [3, 3, 8, 8], [0] * 4)
    >>> batches = TrainingBatches(
    ...     records, (32, 16), sampler=IdentitySampler(2, 2))
    >>> images, targets = batches[0]
    >>> images.shape, sorted(targets)
    ((4, 32, 16, 3), ['identities'])

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(
        self,
        records,
        image_size,
        labels=None,
        sampler=IdentitySampler(),
        transforms=("crop", "erase"),
        occlusions=(),
        occluded_stream=None,
        visibility_targets=False,
        seed=1,
        workers=None,
        cache_megabytes=1024,
        max_unreadable=0,
    ):
        super().__init__()
        views = [tuple(occlusions)]
        if occluded_stream is not None:
            views.append(tuple(occluded_stream))
        check_training(records, image_size, labels, views)
        self.records = records
        self.image_size = tuple(image_size)
        self.transforms = checked_transforms(transforms)
        self.labels = labels
        self.sampler = sampler
        self.seed = seed
        self.visibility_targets = visibility_targets
        self._views = tuple(views)
        self._classes = identity_labels(records)
        self._files = TrainingFiles(
            records, labels, cache_megabytes, max_unreadable
        )
        self._start(workers)

    @property
    def num_identities(self):
        """People in the records."""
        return int(self._classes.max()) + 1

    def _draw(self, epoch):
        rng = np.random.default_rng((self.seed, epoch))
        return self.sampler.draw(self._classes, rng)

    def _make(self, index):
        rows = self.rows(index)
        own = self._own(rows)
        # The 1 keeps batch 0 apart from `_draw`: trailing zeros do not count.
        seed = self.seed, self.epoch, 1 + index
        rng = np.random.default_rng(seed)
        views = TrainingViews(
            self.image_size,
            len(rows[own]),
            self.labels,
            self._views,
            self.visibility_targets,
            seed,
            self.epoch,
            own.start,
        )
        for i, row in enumerate(rows):
            transform = random_transform(self.image_size, self.transforms, rng)
            if own.start <= i < own.stop:  # All draw what the others draw.
                person = functools.partial(self._files.somebody_else, row)
                views.fill(i, *self._files[row], transform, person)
        targets = {"identities": self._classes[rows[own]], **views.targets}
        return views.images, targets
