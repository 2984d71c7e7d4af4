"""Parsing label files to the soft labels that the losses compare with."""

import numpy as np

from keras_drop.data.label_files import read_confidence_fields, read_part_ids
from keras_drop.part_schemas import part_schema

LABEL_FORMATS = ("pifpaf36", "densepose14")


class ParsingLabels:
    """Reads parsing labels and groups them into the parts of a schema.

    - `"pifpaf36"`: a `.npy` file of 36 confidence maps `(36, height, width)`
      in `[0, 1]`. A part is the maximum of its maps, the background is 1
      where every part is below 0.5; the soft label is the softmax of 15 times
      these.
    - `"densepose14"`: an 8-bit PNG file as large as the image, 0 for the
      background, 1 to 14 for the part; the soft label is one-hot.

    Args:
        label_format: `"pifpaf36"` or `"densepose14"`.
        schema: `PartSchema`, or the name of one.
        flip_swap_parts: Whether a flipped image exchanges its left and right
            parts. Without, a flip teaches wrong sides.

    The attribute `background` is the `(num_parts + 1,)` soft label of a cell
    without a part.

    Raises:
        ValueError: An unknown format, or one the schema has no groups for.

    Example:
    >>> import numpy as np
    >>> labels = ParsingLabels("pifpaf36", "five")
    >>> maps = np.zeros((17, 9, 36), "float32")
    >>> maps[3, 4, 0] = 1.0
    >>> labels.group(maps)[3, 4].argmax()
    np.int64(1)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(self, label_format, schema, flip_swap_parts=True):
        schema = part_schema(schema)
        if label_format not in LABEL_FORMATS:
            raise ValueError(
                f"Unknown label format {label_format!r}. Known: "
                f"{', '.join(LABEL_FORMATS)}."
            )
        if label_format not in schema.groups:
            raise ValueError(
                f"Schema {schema.name!r} cannot be made from {label_format!r} "
                f"labels; it can from {', '.join(schema.groups)}."
            )
        self.label_format = label_format
        self.schema = schema
        self.flip_swap_parts = flip_swap_parts
        self._groups = schema.groups[label_format]
        self._flipped = np.array([0, *(1 + i for i in schema.swapped_parts)])
        self._one_hot = np.eye(schema.num_parts + 1, dtype="float32")
        self.background = self._one_hot[0]
        self._lookup = np.zeros(15, "uint8")
        if label_format == "densepose14":
            for part, group in reversed(list(enumerate(self._groups, 1))):
                self._lookup[list(group)] = part
        else:
            self.background = soften(np.zeros(schema.num_parts))

    def read(self, path, image_size):
        """Reads a label file.

        Args:
            path: The label file.
            image_size: `(height, width)` of its image as stored.

        Returns:
            What `group` takes: `(height, width, 36)` float32 confidences, or
            `(height, width)` uint8 part ids.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: A label of another format, size or range; the message
                names the file.
        """
        if self.label_format == "pifpaf36":
            return read_confidence_fields(path)
        return read_part_ids(path, image_size)

    def group(self, label):
        """Groups what `read` returned: into soft labels or part numbers.

        Returns:
            `(height, width, num_parts + 1)` float32 soft labels whose
            channels sum to 1, background first; of part ids,
            `(height, width)` uint8 part numbers.
        """
        if self.label_format == "densepose14":
            return self._lookup[label]
        parts = [label[..., list(group)].max(axis=-1) for group in self._groups]
        return soften(np.stack(parts, axis=-1))

    def sample(self, grouped, transform):
        """Soft labels of a transformed image.

        Args:
            grouped: What `group` returned.
            transform: The `Transform` of the image.

        Returns:
            `(height / 4, width / 4, num_parts + 1)` float32; border and hole
            are background.
        """
        rows, columns, shown = transform.label_cells(grouped.shape[:2])
        cells = grouped[rows[:, None], columns]
        if self.label_format == "densepose14":
            cells = self._one_hot[cells]
        if transform.flip and self.flip_swap_parts:
            cells = cells[..., self._flipped]
        return np.where(shown[..., None], cells, self.background)


def soften(parts):
    """Soft labels of part confidences.

    Args:
        parts: `(..., num_parts)` floats, clipped to `[0, 1]`.

    Returns:
        `(..., num_parts + 1)` float32, background first: the softmax of 15
        times the confidences, where the background has 1 if every part is
        below 0.5 and 0 otherwise.

    Example:
    >>> import numpy as np
    >>> [f"{value:.5f}" for value in soften(np.array([1.0, 0.2]))]
    ['0.00000', '0.99999', '0.00001']
    """
    parts = np.clip(np.asarray(parts, "float32"), 0.0, 1.0)
    background = parts.max(axis=-1, keepdims=True) < 0.5
    weights = np.concatenate([background, parts], axis=-1, dtype="float32")
    weights = np.exp(15.0 * (weights - weights.max(axis=-1, keepdims=True)))
    return weights / weights.sum(axis=-1, keepdims=True)
