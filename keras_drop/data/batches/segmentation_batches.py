"""`SegmentationBatches`: what `fit` gets for a network that parses people."""

import functools

import numpy as np

from keras_drop.checks import refuse_no_count
from keras_drop.data.batches.epoch_batches import EpochBatches
from keras_drop.data.batches.training_checks import labelled
from keras_drop.data.batches.training_files import TrainingFiles
from keras_drop.data.occlusions.scene.scene import Scene
from keras_drop.data.occlusions.stages.occlude import occlude
from keras_drop.data.reading.batch_memory import batch_array
from keras_drop.data.transforms.random_transform import (
    checked_transforms,
    random_transform,
)


class SegmentationBatches(EpochBatches):
    """Images and the body part of every pixel, in random order.

    What a batch holds depends on `seed`, `epoch` and its index alone. Images
    without a label are left out, and so is, in every epoch, the rest that
    fills no batch.

    Give `fit` the argument `shuffle=False`: the batches are random already,
    and asked for in order they are made ahead.

    Args:
        records: `Records` of images with parsing labels.
        image_size: `(height, width)`.
        labels: `ParsingLabels`: the format of the label files and the parts
            to make of them.
        transforms: Which random changes happen, in any order, by the names
            that `random_transform` explains. A flip exchanges left and right
            parts.
        batch_size: Images in a batch; fewer if there are not as many.
        occlusions: Stages of `keras_drop.data.occlusions` that hide the
            images. What they hide is background.
        seed: Integer, not negative.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.
        cache_megabytes: Memory for decoded images and labels. Those that do
            not fit are decoded again in every epoch.
        max_unreadable: How many files may be broken or vanish: others stand
            in for them, and every epoch warns of new ones. 0 stops at the
            first.

    Returns:
        `batches[index]` is `(images, parts)`: `(batch, height, width, 3)`
        float32 pixel values from 0 to 255, and `(batch, height, width)` int32
        part numbers, 0 for the background, the border and the erased
        rectangle.

    Raises:
        ValueError: No label in any record, an unknown name, no whole number
            of images or threads; later, a file
            that is broken or does not fit, by its name.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data import ParsingLabels, SegmentationBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> folder = tempfile.mkdtemp()
    >>> image, label = (os.path.join(folder, x) for x in ("a.jpg", "a.png"))
    >>> Image.new("RGB", (16, 32)).save(image)
    >>> Image.new("L", (16, 32), 14).save(label)
    >>> batches = SegmentationBatches(
    ...     Records([image] * 3, [-1] * 3, [0] * 3, [label] * 3), (64, 32),
    ...     ParsingLabels("densepose14", "fourteen"), transforms=(),
    ...     batch_size=2)
    >>> images, parts = batches[0]
    >>> images.shape, parts.shape, parts.max()
    ((2, 64, 32, 3), (2, 64, 32), np.int32(14))
    """

    def __init__(
        self,
        records,
        image_size,
        labels,
        transforms=("flip", "crop", "colour_jitter"),
        batch_size=32,
        occlusions=(),
        seed=1,
        workers=None,
        cache_megabytes=1024,
        max_unreadable=0,
    ):
        super().__init__()
        self.image_size = tuple(image_size)
        self.transforms = checked_transforms(transforms)
        self.occlusions = tuple(occlusions)
        self.seed = seed
        self.labels = labels
        self.records = records = labelled(records, labels)
        refuse_no_count(batch_size=batch_size)
        self.batch_size = min(batch_size, len(records))
        self._files = TrainingFiles(
            records, labels, cache_megabytes, max_unreadable, same_person=False
        )
        self._start(workers)

    def _draw(self, epoch):
        rows = np.random.default_rng((self.seed, epoch)).permutation(
            len(self.records)
        )
        whole = len(rows) - len(rows) % self.batch_size
        return rows[:whole].reshape(-1, self.batch_size)

    def _make(self, index):
        rows = self.rows(index)
        # The 1 keeps batch 0 apart from `_draw`: trailing zeros do not count.
        seed = self.seed, self.epoch, 1 + index
        rng = np.random.default_rng(seed)
        own = self._own(rows)
        images = batch_array((len(rows[own]), *self.image_size, 3))
        parts = batch_array(images.shape[:3], "int32")
        for i, row in enumerate(rows):
            transform = random_transform(self.image_size, self.transforms, rng)
            if own.start <= i < own.stop:  # All draw what the others draw.
                place = i - own.start
                image, label = self._files[row]
                transform.image(image, out=images[place])
                parts[place] = self.labels.pixels(label, transform)
                # 1 more, because trailing zeros of a seed do not count.
                hiding = np.random.default_rng((*seed, 1 + i))
                self._occlude(row, images[place], parts[place], hiding)
        return images, parts

    def _occlude(self, row, image, parts, rng):
        """Hides an image in place; what is hidden is background."""
        if self.occlusions:
            person = functools.partial(self._files.somebody_else, row)
            scene = Scene(parts.astype("uint8"), person, self.epoch)
            _, hidden = occlude(image, self.occlusions, rng, scene)
            parts[hidden] = 0
