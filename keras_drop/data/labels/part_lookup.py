"""Source labels of hard formats to part numbers."""

import numpy as np

from keras_drop.datasets.labels.label_formats import LABEL_FORMATS


class PartLookup:
    """Maps source labels to the parts of a schema, 0 to the background.

    Args:
        label_format: Name of a format of hard labels; `"stripes"` and, in a
            schema without groups for it, `"custom"` are part numbers already.
        part_schema: `PartSchema`.

    The attribute `highest` is the highest source label.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.labels.part_lookup import PartLookup
    >>> from keras_drop import part_schema
    >>> lookup = PartLookup("lip", part_schema("hpnet_four"))
    >>> trousers_and_shoe = np.array([[9], [9], [9], [9], [18]], "uint8")
    >>> lookup(trousers_and_shoe).ravel().tolist()
    [3, 3, 4, 4, 4]
    """

    def __init__(self, label_format, part_schema):
        self.highest = LABEL_FORMATS[label_format].highest
        groups = part_schema.groups.get(label_format)
        if groups is None:
            self.highest = part_schema.num_parts
            groups = [(1 + index,) for index in range(part_schema.num_parts)]
        self._upper = np.zeros(256, "uint8")
        self._lower = np.zeros(256, "uint8")
        for part, group in enumerate(groups, 1):
            self._lower[list(group)] = part
        for part, group in reversed([*enumerate(groups, 1)]):
            self._upper[list(group)] = part
        self._is_halved = np.zeros(256, bool)
        self._is_halved[list(part_schema.halved.get(label_format, ()))] = True

    def __call__(self, label):
        """`(height, width)` uint8 part numbers of source labels."""
        numbers = self._upper[label]
        halved = self._is_halved[label]
        rows = np.flatnonzero(halved.any(axis=1))
        if rows.size:
            middle = rows[0] + (rows[-1] - rows[0] + 2) // 2
            below = halved[middle:]
            numbers[middle:][below] = self._lower[label[middle:]][below]
        return numbers
