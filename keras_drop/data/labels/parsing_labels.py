"""Parsing label files to the soft labels that the losses compare with."""

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.data.labels.area_max import area_max
from keras_drop.data.labels.label_files import (
    read_confidence_fields,
    read_part_ids,
)
from keras_drop.data.labels.part_lookup import PartLookup
from keras_drop.data.labels.soften import soften
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.part_schemas.built_in import is_striped

REDUCTIONS = ("nearest", "area_max", "release")


class ParsingLabels:
    """Reads parsing labels and groups them into the parts of a schema.

    - `"pifpaf36"`: a `.npy` file of 36 confidence maps `(36, height, width)`
      in `[0, 1]`. A part is the maximum of its maps, the background is 1
      where every part is below 0.5; the soft label is the softmax of 15 times
      these.
    - Hard labels (`"densepose14"`, `"densepose24"`, `"png7"`, `"png4"`,
      `"pascal"`, `"lip"`, `"atr"`): an 8-bit PNG file as large as the image,
      0 for the background, else the source label; the soft label is one-hot.
    - `"custom"`: the same, with the values that the schema's groups of
      `"custom"` list; or, if it has none, with the numbers of its parts.
    - `"stripes"`: no file. Part `k` is stripe `k` of the image, all equally
      high, and nothing is background: a lower bound of what parts give. The
      schema is called so too, as `"stripes_5"`: stripes are no body parts.

    Args:
        label_format: Name of one of these.
        part_schema: `PartSchema`, or the name of one.
        flip_swap_parts: Whether a flipped image exchanges its left and right
            parts. Without, a flip teaches wrong sides. Stripes stay.
        label_reduction: What a cell of 4 x 4 pixels shows: `"nearest"`, its
            centre; `"area_max"`, of hard labels, all in equal shares; or
            `"release"`, its first pixel, as BPBReID's release.

    The attribute `background` is the `(num_parts + 1,)` soft label of a cell
    without a part; `has_files` is whether labels are in files.

    Raises:
        ValueError: An unknown format or reduction, a format the schema has no
            groups for, or the reduction `"area_max"` of confidences.

    Example:
    >>> from keras_drop.data import ParsingLabels
    >>> import numpy as np
    >>> labels = ParsingLabels("pifpaf36", "five")
    >>> maps = np.zeros((17, 9, 36), "float32")
    >>> maps[3, 4, 0] = 1.0
    >>> labels.group(maps)[3, 4].argmax()
    np.int64(1)
    >>> labels = ParsingLabels("png7", "hpnet_four")
    >>> labels.group(np.array([[0, 5, 6, 7]], "uint8")).tolist()
    [[0, 3, 4, 4]]

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    def __init__(
        self,
        label_format,
        part_schema,
        flip_swap_parts=True,
        label_reduction="nearest",
    ):
        schema = find_part_schema(part_schema)
        _check(label_format, schema, label_reduction)
        self.label_format = label_format
        self.part_schema = schema
        self.has_files = label_format != "stripes"
        self.flip_swap_parts = flip_swap_parts and self.has_files
        self.label_reduction = label_reduction
        self._is_hard = label_format != "pifpaf36"
        self._lookup = self._is_hard and PartLookup(label_format, schema)
        self._swapped = np.array([0, *(1 + i for i in schema.swapped_parts)])
        self._one_hot = np.eye(schema.num_parts + 1, dtype="float32")
        self.background = self._one_hot[0]
        if not self._is_hard:
            self.background = soften(np.zeros(schema.num_parts))

    def read(self, path, image_size):
        """Reads a label file.

        Args:
            path: The label file; for `"stripes"` anything.
            image_size: `(height, width)` of its image as stored.

        Returns:
            What `group` takes: `(height, width, 36)` float32 confidences, or
            `(height, width)` uint8 source labels.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: A label of another format, size or range; the message
                names the file.
        """
        if self.label_format == "pifpaf36":
            return read_confidence_fields(path)
        if self.label_format == "stripes":
            height, width = image_size
            rows = 1 + np.arange(height) * self.part_schema.num_parts // height
            return np.repeat(rows.astype("uint8")[:, None], width, axis=1)
        return read_part_ids(
            path, image_size, self.label_format, self._lookup.highest
        )

    def group(self, label):
        """Groups what `read` returned: into soft labels or part numbers.

        Returns:
            `(height, width, num_parts + 1)` float32 soft labels whose
            channels sum to 1, background first; of source labels,
            `(height, width)` uint8 part numbers.
        """
        if self._is_hard:
            return self._lookup(label)
        groups = self.part_schema.groups[self.label_format]
        parts = [label[..., list(group)].max(axis=-1) for group in groups]
        return soften(np.stack(parts, axis=-1))

    def sample(self, grouped, transform, hidden=None):
        """Soft labels of a transformed image.

        Args:
            grouped: What `group` returned.
            transform: The `Transform` of the image.
            hidden: `(height, width)` bool pixels of the transformed image
                behind an occluder, or `None`.

        Returns:
            `(height / 4, width / 4, num_parts + 1)` float32; border, hole and
            what is hidden are background.
        """
        if self.label_reduction == "area_max":
            bits = area_max(grouped, transform, hidden)
            cells, shown = self._shares(bits), bits > 0
        else:
            first = self.label_reduction == "release"
            size = grouped.shape[:2]
            rows, columns, shown = transform.label_cells(size, first)
            cells = grouped[rows[:, None], columns]
            if hidden is not None:
                start = 0 if first else 2
                shown = shown > hidden[start::4, start::4]
        swap = transform.flip and self.flip_swap_parts
        if cells.ndim == 2:
            # Numbers are swapped and hidden sooner than rows of numbers.
            numbers = np.where(shown, cells, 0)
            return self._one_hot[self._swapped[numbers] if swap else numbers]
        if swap:
            cells = cells[..., self._swapped]
        return np.where(shown[..., None], cells, self.background)

    def pixels(self, grouped, transform):
        """The part of every pixel of a transformed image.

        Args:
            grouped: What `group` returned.
            transform: The `Transform` of the image.

        Returns:
            `(height, width)` uint8 part numbers, the most likely ones of
            confidences; border and hole are 0, the background.
        """
        numbers = grouped if self._is_hard else grouped.argmax(axis=-1)
        rows, columns, shown = transform.label_pixels(numbers.shape)
        numbers = numbers[rows[:, None], columns]
        if transform.flip and self.flip_swap_parts:
            numbers = self._swapped[numbers]
        return np.where(shown, numbers, 0).astype("uint8")

    def _shares(self, bits):
        parts = np.arange(self.part_schema.num_parts + 1, dtype="uint64")
        present = (bits[..., None] >> parts & np.uint64(1)).astype("float32")
        return present / np.maximum(present.sum(axis=-1, keepdims=True), 1)


def _check(label_format, schema, label_reduction):
    find_label_format(label_format)
    checked_choice("label_reduction", label_reduction, REDUCTIONS)
    formats = (*schema.groups, "custom", "stripes")
    if label_format not in formats and not is_striped(schema):
        raise ValueError(
            f"Schema {schema.name!r} cannot be made from {label_format!r} "
            f"labels; it can from {', '.join(schema.groups)}, and from custom "
            "ones with the numbers of its parts."
        )
    if (label_format == "stripes") != is_striped(schema):
        count = schema.num_parts
        raise ValueError(
            f"The schema of {label_format!r} labels is {schema.name!r}, but "
            f"stripes are no body parts: 'stripes' goes with 'stripes_{count}'"
            ", and nothing else does."
        )
    if label_reduction == "area_max" and label_format == "pifpaf36":
        raise ValueError(
            "`label_reduction='area_max'` is for hard labels; the confidences "
            "of 'pifpaf36' are coarse already. Use 'nearest'."
        )
