"""How well body parts are found: intersection over union."""

import numpy as np


class PartOverlap:
    """Intersection over union of every part, over the pixels of all images.

    Args:
        part_names: Names of the parts, without the background.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import PartOverlap
    >>> overlap = PartOverlap(["head", "legs"])
    >>> overlap.add(np.array([[0, 1, 1, 2]]), np.array([[0, 1, 2, 2]]))
    >>> {name: float(value) for name, value in overlap.of_each().items()}
    {'background': 1.0, 'head': 0.5, 'legs': 0.5}
    >>> round(overlap.mean(), 3), overlap.accuracy()
    (0.667, 0.75)

    Reference:
        [Everingham et al., 2015](https://doi.org/10.1007/s11263-014-0733-5)
    """

    def __init__(self, part_names):
        self.names = ("background", *part_names)
        self.counts = np.zeros((len(self.names),) * 2, "int64")

    def add(self, truth, found):
        """Counts the pixels of one image.

        Args:
            truth: `(height, width)` part numbers, 0 the background.
            found: The same, by a network.

        Raises:
            ValueError: Arrays of different shapes.
        """
        truth, found = np.asarray(truth), np.asarray(found)
        if truth.shape != found.shape:
            raise ValueError(
                f"The labels are {truth.shape}, what was found is "
                f"{found.shape}. Both are as large as the image."
            )
        num_classes = len(self.names)
        pairs = truth.astype("int64").ravel() * num_classes + found.ravel()
        self.counts += np.bincount(pairs, minlength=num_classes**2).reshape(
            num_classes, num_classes
        )

    def of_each(self):
        """Dictionary from the names to intersection over union.

        NaN for a part that is neither in the labels nor was found.
        """
        both = np.diag(self.counts).astype("float64")
        either = self.counts.sum(axis=0) + self.counts.sum(axis=1) - both
        with np.errstate(invalid="ignore"):
            return dict(zip(self.names, both / either))

    def mean(self, background=True):
        """Mean over the parts that occur, with or without the background."""
        values = [*self.of_each().values()][0 if background else 1 :]
        return float(np.nanmean(values))

    def accuracy(self):
        """Share of the pixels that have the right part."""
        return float(np.trace(self.counts) / self.counts.sum())
