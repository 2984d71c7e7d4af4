"""What the losses compare the outputs for a batch with."""

import dataclasses

import cv2
import numpy as np

from keras_drop.data.reading.batch_memory import batch_array


class TrainingTargets:
    """The targets of one batch, filled in image by image.

    Args:
        image_size: `(height, width)` of the images.
        num_images: Images in the batch.
        labels: `ParsingLabels`, or `None`.
        visibility: Whether to tell what is in sight.
        prefix: Of the names of the arrays.

    The attribute `arrays` holds the targets by name.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.batches.training_targets import TrainingTargets
    >>> from keras_drop.data import Transform
    >>> targets = TrainingTargets((8, 4), 1, None, visibility=True)
    >>> hidden = np.zeros((8, 4), bool)
    >>> hidden[:4] = True
    >>> targets.fill(0, None, Transform((8, 4)), hidden)
    >>> targets.arrays["valid"].tolist()
    [[[0.0], [1.0]]]
    """

    def __init__(
        self, image_size, num_images, labels, visibility=False, prefix=""
    ):
        self._labels, self._prefix = labels, prefix
        self._visibility = visibility
        self.arrays = {}
        grid = num_images, image_size[0] // 4, image_size[1] // 4
        if labels:
            parsing = batch_array((*grid, len(labels.background)))
            parsing[:] = labels.background
            self.arrays[f"{prefix}parsing"] = parsing
        if visibility:
            self.arrays[f"{prefix}valid"] = np.zeros(grid, "float32")
        if visibility and labels:
            self.arrays[f"{prefix}part_visibility"] = np.zeros(
                (num_images, labels.part_schema.num_parts), "float32"
            )

    def fill(self, index, label, transform, hidden=None):
        """Writes the targets of an image.

        Args:
            index: Number of the image in the batch.
            label: Its grouped parsing label, or `None`.
            transform: Its `Transform`.
            hidden: `(height, width)` bool pixels behind an occluder, or
                `None`.
        """
        if label is not None:
            self.arrays[f"{self._prefix}parsing"][index] = self._labels.sample(
                label, transform, hidden
            )
        if self._visibility:
            valid = transform.label_cells((1, 1))[2]
            if hidden is not None:
                valid = valid > hidden[2::4, 2::4]
            self.arrays[f"{self._prefix}valid"][index] = valid
        if self._visibility and label is not None:
            self.arrays[f"{self._prefix}part_visibility"][index] = (
                self._part_visibility(label, transform, hidden)
            )

    def _part_visibility(self, label, transform, hidden):
        """Share of the pixels of every part that is in sight."""
        whole = dataclasses.replace(transform, hole=None)
        parts = self._labels.pixels(label, whole)
        shown = transform.label_pixels((1, 1))[2]
        if hidden is not None:
            shown = shown > hidden
        bins = self._labels.part_schema.num_parts + 1
        total = np.bincount(parts.ravel(), minlength=bins)
        seen = np.bincount(parts[shown], minlength=bins)
        return (seen / np.maximum(total, 1))[1:]


def person_mask(grouped, image_size):
    """Where the person of a label is, as large as the image.

    Args:
        grouped: What `ParsingLabels.group` returned.
        image_size: `(height, width)` of the image.

    Returns:
        `(height, width)` uint8 from 0 to 255.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.batches.training_targets import person_mask
    >>> person_mask(np.array([[0, 3]], "uint8"), (1, 4)).tolist()
    [[0, 64, 191, 255]]
    """
    if grouped.ndim == 2:
        person = cv2.compare(grouped, 0, cv2.CMP_GT)
    else:
        person = np.rint(255 * (1 - grouped[..., 0])).astype("uint8")
    return cv2.resize(person, image_size[::-1], interpolation=cv2.INTER_LINEAR)
