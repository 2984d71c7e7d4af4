"""Images and parsing labels of the training records, by row."""

import numpy as np

from keras_drop.data.batches.training_targets import person_mask
from keras_drop.data.reading.image_cache import ImageCache
from keras_drop.data.reading.images import read_image


class TrainingFiles:
    """Images and grouped parsing labels of records, kept while they fit.

    Args:
        records: `Records` of the training images.
        labels: `ParsingLabels`, or `None`: then no label is read.
        cache_megabytes: Memory for what was read.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data.batches.training_files import TrainingFiles
    >>> import os, tempfile
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> files = TrainingFiles(Records([path], [3], [0]), None, 1)
    >>> image, label = files[0]
    >>> image.shape, label
    ((32, 16, 3), None)
    """

    def __init__(self, records, labels, cache_megabytes):
        self._records, self._labels = records, labels
        self._labelled = records.parsing_paths != ""
        if labels and not labels.has_files:
            self._labelled[:] = True
        self._cache = ImageCache(self._read, cache_megabytes)

    def __getitem__(self, row):
        return self._cache[row]

    def somebody_else(self, row, rng):
        """Image and mask of another person than that of a row.

        Args:
            row: Row number in the records.
            rng: `numpy.random.Generator`.

        Returns:
            `(h, w, 3)` uint8 image and `(h, w)` uint8 mask, or `None` if nobody
            else has a label.
        """
        identities = self._records.identities
        others = (identities != identities[row]) & self._labelled
        if not others.any():
            return None
        image, label = self[int(rng.choice(np.flatnonzero(others)))]
        return image, person_mask(label, image.shape[:2])

    def _read(self, row):
        image, label = read_image(self._records.paths[row]), None
        path = self._records.parsing_paths[row]
        if self._labels and self._labelled[row]:
            label = self._labels.group(self._labels.read(path, image.shape[:2]))
        return image, label
