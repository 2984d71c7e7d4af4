"""`ParsingBatches`: labelled images of people whom nobody has to know."""

import functools

import numpy as np

from keras_drop.checks import refuse_no_count
from keras_drop.data.batches.epoch_batches import EpochBatches
from keras_drop.data.batches.training_checks import check_training, labelled
from keras_drop.data.batches.training_files import TrainingFiles
from keras_drop.data.batches.training_views import TrainingViews
from keras_drop.data.transforms.random_transform import (
    checked_transforms,
    random_transform,
)

# Keeps the random numbers apart from those of `TrainingBatches`.
_STREAM = 1


class ParsingBatches(EpochBatches):
    """Images and parsing labels alone, in random order, without an end.

    All images are shown once, in random order, before any is shown again; the
    next pass begins where the last one ends, also within a batch or an epoch.
    What a batch holds depends on `seed`, `epoch` and its index alone. Images
    without a label are left out.

    `JointBatches` puts them beside batches of people.

    Args:
        records: `Records` of images with parsing labels, such as of
            `keras_drop.datasets.read_parsed_images`; identities do not
            matter.
        image_size: `(height, width)`, both multiples of 4.
        labels: `ParsingLabels`: the format of the label files and the parts
            to make of them.
        num_batches: Batches in an epoch: as many as those of people have.
        transforms: Which random changes happen, in any order, by the names
            that `random_transform` explains.
        batch_size: Images in a batch.
        occlusions: Stages of `keras_drop.data.occlusions` that hide the
            images, one after the other. Labels are background there.
        seed: Integer, not negative.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.
        cache_megabytes: Memory for decoded images and labels. Those that do
            not fit are decoded again in every pass.
        max_unreadable: How many files may be broken or vanish: others stand
            in for them, and every epoch warns of new ones. 0 stops at the
            first.

    Returns:
        `batches[index]` is a dictionary of

        - `"images"`: `(batch, height, width, 3)` float32 pixel values from 0
          to 255.
        - `"parsing"`: `(batch, height / 4, width / 4, num_parts + 1)` float32
          soft labels, background first, sum 1.
        - `"parsing_weight"`: `(batch,)` float32, all 1.

    Raises:
        ValueError: No label in any record, an unknown name, no batch or an
            empty one; later, a file that is broken or does not fit, by its
            name.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data import ParsingBatches, ParsingLabels
    >>> import os, tempfile
    >>> from PIL import Image
    >>> folder = tempfile.mkdtemp()
    >>> image, label = (os.path.join(folder, x) for x in ("a.jpg", "a.png"))
    >>> Image.new("RGB", (16, 32)).save(image)
    >>> Image.new("L", (16, 32), 14).save(label)
    >>> batches = ParsingBatches(
    ...     Records([image] * 3, [-1] * 3, [0] * 3, [label] * 3), (64, 32),
    ...     ParsingLabels("densepose14", "hpnet_four"), num_batches=5,
    ...     batch_size=2)
    >>> len(batches), batches[4]["parsing"].shape
    (5, (2, 16, 8, 5))

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(
        self,
        records,
        image_size,
        labels,
        num_batches,
        transforms=("flip",),
        batch_size=32,
        occlusions=(),
        seed=1,
        workers=None,
        cache_megabytes=1024,
        max_unreadable=0,
    ):
        super().__init__()
        refuse_no_count(num_batches=num_batches, batch_size=batch_size)
        self._views = (tuple(occlusions),)
        records = labelled(records, labels)
        check_training(records, image_size, labels, self._views)
        self.labels = labels
        self.records = records
        self.image_size = tuple(image_size)
        self._per_epoch = num_batches
        self.transforms = checked_transforms(transforms)
        self.batch_size = batch_size
        self.seed = seed
        self._files = TrainingFiles(
            records, labels, cache_megabytes, max_unreadable, same_person=False
        )
        self._start(workers)

    def _draw(self, epoch):
        count = self._per_epoch * self.batch_size
        places = np.arange(epoch * count, (epoch + 1) * count)
        passes, places = np.divmod(places, len(self.records))
        rows = np.empty(count, int)
        for number in np.unique(passes):
            rng = np.random.default_rng((self.seed, number, 0, _STREAM))
            order = rng.permutation(len(self.records))
            rows[passes == number] = order[places[passes == number]]
        return rows.reshape(self._per_epoch, self.batch_size)

    def _make(self, index):
        rows = self.rows(index)
        own = self._own(rows)
        seed = self.seed, self.epoch, 1 + index, _STREAM
        rng = np.random.default_rng(seed)
        views = TrainingViews(
            self.image_size,
            len(rows[own]),
            self.labels,
            self._views,
            visibility=False,
            seed=seed,
            epoch=self.epoch,
            first=own.start,
        )
        for i, row in enumerate(rows):
            transform = random_transform(self.image_size, self.transforms, rng)
            if own.start <= i < own.stop:  # All draw what the others draw.
                person = functools.partial(self._files.somebody_else, row)
                views.fill(i, *self._files[row], transform, person)
        return {"images": views.images, **views.targets}
