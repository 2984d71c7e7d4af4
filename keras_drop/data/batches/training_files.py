"""Images and parsing labels of the training records, by row."""

import numpy as np

from keras_drop.data.batches.training_targets import person_mask
from keras_drop.data.reading.image_cache import ImageCache
from keras_drop.data.reading.images import read_image
from keras_drop.data.reading.unreadable_files import UnreadableFiles


class TrainingFiles:
    """Images and grouped parsing labels of records, kept while they fit.

    For a file that cannot be read, if that is allowed, another one of the
    same person stands in, of the same camera if there is one: the next in the
    records. It is tried again whenever its turn comes.

    Args:
        records: `Records` of the training images.
        labels: `ParsingLabels`, or `None`: then no label is read.
        cache_megabytes: Memory for what was read.
        max_unreadable: How many files may be unreadable; 0 stops at the first.
        same_person: Whether only images of the same person may stand in;
            false where identities say nothing, and every image is of
            somebody else.

    The attribute `unreadable` is the `UnreadableFiles`.

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

    def __init__(
        self,
        records,
        labels,
        cache_megabytes,
        max_unreadable=0,
        same_person=True,
    ):
        self._records, self._labels = records, labels
        self._same_person = same_person
        self._labelled = records.parsing_paths != ""
        if labels and not labels.has_files:
            self._labelled[:] = True
        self._cache = ImageCache(self._read, cache_megabytes)
        self.unreadable = UnreadableFiles(max_unreadable)

    def __getitem__(self, row):
        try:
            return self._cache[row]
        except (OSError, ValueError) as error:
            self.unreadable.add(self._records.paths[row], error)
        for other in self._stand_ins(row):
            try:
                return self._cache[other]
            except (OSError, ValueError) as error:
                self.unreadable.add(self._records.paths[other], error)
        raise ValueError(
            f"No image can stand in for {self._records.paths[row]}: none of "
            "the same person can be read. Copy them again, or take the person "
            "out of the records."
        )

    def somebody_else(self, row, rng):
        """Image and mask of another person than that of a row.

        Args:
            row: Row number in the records.
            rng: `numpy.random.Generator`.

        Returns:
            `(h, w, 3)` uint8 image and `(h, w)` uint8 mask, or `None` if nobody
            else has a label.
        """
        identities, others = self._records.identities, self._labelled.copy()
        others[row] = False
        if self._same_person:
            others &= identities != identities[row]
        if not others.any():
            return None
        image, label = self[int(rng.choice(np.flatnonzero(others)))]
        return image, person_mask(label, image.shape[:2])

    def _stand_ins(self, row):
        """Other rows, those of the same person and camera first."""
        people, cameras = self._records.identities, self._records.cameras
        fits = self._labelled == self._labelled[row]
        if self._same_person:
            fits = fits & (people == people[row])
        fits[row] = False
        rows = np.flatnonzero(fits)
        keys = (
            (rows - row) % len(people),
            cameras[rows] != cameras[row],
            people[rows] != people[row],
        )
        return rows[np.lexsort(keys)]

    def _read(self, row):
        image, label = read_image(self._records.paths[row]), None
        path = self._records.parsing_paths[row]
        if self._labels and self._labelled[row]:
            label = self._labels.group(self._labels.read(path, image.shape[:2]))
        return image, label
