"""Random changes of a training image, of which its label sees the same."""

import dataclasses

import numpy as np

from keras_drop.data.reading.images import resize_image
from keras_drop.data.reading.scratch import scratch
from keras_drop.data.transforms.enhance import (
    enhance,
    random_colour_jitter,
    random_enhance,
)

PADDING = 10
TRANSFORMS = ("rf", "rc", "cj", "re", "enhance", "colour_jitter")

_MEAN = np.array([0.485, 0.456, 0.406], "float32")
_STD = np.array([0.229, 0.224, 0.225], "float32")
# The pixel values that the models normalise to (0.485, 0.456, 0.406).
ERASED = 255.0 * (_MEAN * _STD + _MEAN)
_GREY = np.array([0.299, 0.587, 0.114], "float32")


@dataclasses.dataclass(frozen=True)
class Transform:
    """What happens to one image and to its parsing label.

    In this order: resize, flip, crop, jitter, steps, erase. The same values
    move the image and the label, so that both stay aligned.

    Args:
        size: `(height, width)` of the result.
        flip: Whether left and right are exchanged.
        shift: `(rows, columns)` by which the crop starts after the image;
            negative values show the border, which is 0.
        jitter: `(brightness, contrast)` factors, `None` leaves the colours.
        hole: `(top, left, height, width)` of the erased rectangle, or `None`.
        steps: Further changes of colour and sharpness, as of `enhance`.

    Example:
    >>> from keras_drop.data import Transform
    >>> import numpy as np
    >>> transform = Transform((4, 2), shift=(1, 0), hole=(0, 0, 1, 1))
    >>> image = np.arange(24).reshape(4, 2, 3)
    >>> transform.image(image)[:, 1, 0].tolist()
    [9.0, 15.0, 21.0, 0.0]
    """

    size: tuple
    flip: bool = False
    shift: tuple = (0, 0)
    jitter: tuple | None = None
    hole: tuple | None = None
    steps: tuple = ()

    def image(self, image, out=None):
        """Transforms an image.

        Args:
            image: `(any, any, 3)` pixel values from 0 to 255.
            out: `(*size, 3)` float32 to write into, if there is one.

        Returns:
            `(*size, 3)` float32 pixel values.
        """
        if out is None:
            out = np.empty((*self.size, 3), "float32")
        resized = image
        if image.shape[:2] != tuple(self.size):
            memory = scratch("resized_image", out.shape, "float32")
            resized = resize_image(image, self.size, memory)
        if self.flip:
            resized = resized[:, ::-1]
        (top, left), (height, width) = self.shift, self.size
        shown = resized[
            max(top, 0) : max(height + top, 0),
            max(left, 0) : max(width + left, 0),
        ]
        rows, columns = max(-top, 0), max(-left, 0)
        end_row, end_column = rows + shown.shape[0], columns + shown.shape[1]
        out[rows:end_row, columns:end_column] = shown
        out[:rows] = out[end_row:] = 0
        out[:, :columns] = out[:, end_column:] = 0
        if self.jitter:
            _jitter(out, *self.jitter)
        if self.steps:
            out[:] = enhance(out, self.steps)
        if self.hole:
            top, left, height, width = self.hole
            out[top : top + height, left : left + width] = ERASED
        return out

    def label_cells(self, label_size):
        """Where the cells of the label grid come from.

        Follows the centre of every cell of the `(height / 4, width / 4)` grid
        back through erasing, crop and flip to the label as it was stored;
        every step of the way is nearest neighbour, so this equals
        transforming the label at full size and reducing it at the end.

        Args:
            label_size: `(height, width)` of the stored label.

        Returns:
            `(height / 4,)` rows and `(width / 4,)` columns of the label, and
            the `(height / 4, width / 4)` mask of cells that show neither
            border nor hole.
        """
        return self._origin(label_size, stride=4)

    def label_pixels(self, label_size):
        """`label_cells` of every pixel: `height` rows, `width` columns."""
        return self._origin(label_size, stride=1)

    def _origin(self, label_size, stride):
        indices, inside, positions = [], [], []
        for axis, (length, label_length) in enumerate(
            zip(self.size, label_size)
        ):
            position = stride * np.arange(length // stride) + stride // 2
            origin = position + self.shift[axis]
            inside.append((origin >= 0) & (origin < length))
            if axis == 1 and self.flip:
                origin = length - 1 - origin
            # Whole numbers: floor((origin + 0.5) * label_length / length).
            index = (2 * origin + 1) * label_length // (2 * length)
            indices.append(np.clip(index, 0, label_length - 1))
            positions.append(position)
        shown = inside[0][:, None] & inside[1]
        if self.hole:
            top, left, height, width = self.hole
            rows = (positions[0] >= top) & (positions[0] < top + height)
            columns = (positions[1] >= left) & (positions[1] < left + width)
            shown &= ~(rows[:, None] & columns)
        return *indices, shown


def random_transform(size, transforms, rng):
    """Draws a `Transform`.

    Args:
        size: `(height, width)` of the result.
        transforms: Which of the changes may happen, in any order: `"rf"`
            (horizontal flip, every second image), `"rc"` (crop out of a
            border of 10 pixels, always), `"cj"` (brightness and contrast,
            every second image), `"re"` (an erased rectangle, every second
            image), `"enhance"` and `"colour_jitter"` (of HPNet's release and
            of DPEFormer, see `keras_drop.data.enhance`).
        rng: `numpy.random.Generator`.

    Returns:
        `Transform`.

    Raises:
        ValueError: An unknown name; the message lists the known ones.

    Example:
    >>> from keras_drop.data import random_transform
    >>> import numpy as np
    >>> random_transform((8, 4), ("re",), np.random.default_rng(1)).shift
    (0, 0)
    """
    unknown = [name for name in transforms if name not in TRANSFORMS]
    if unknown:
        raise ValueError(
            f"Unknown transform {unknown[0]!r}. Known: {', '.join(TRANSFORMS)}."
        )
    drawn = {}
    if "rf" in transforms:
        drawn["flip"] = bool(rng.random() < 0.5)
    if "rc" in transforms:
        shift = rng.integers(-PADDING, PADDING, 2, endpoint=True)
        drawn["shift"] = tuple(shift.tolist())
    if "cj" in transforms and rng.random() < 0.5:
        drawn["jitter"] = (rng.uniform(0.8, 1.2), rng.uniform(0.85, 1.15))
    if "re" in transforms and rng.random() < 0.5:
        drawn["hole"] = _random_hole(size, rng)
    if "enhance" in transforms:
        drawn["steps"] = random_enhance(rng)
    if "colour_jitter" in transforms:
        drawn["steps"] = random_colour_jitter(rng) + drawn.get("steps", ())
    return Transform(tuple(size), **drawn)


def _random_hole(size, rng):
    lengths = [
        int(rng.integers(np.ceil(0.15 * n), 0.65 * n, endpoint=True))
        for n in size
    ]
    corner = [
        int(rng.integers(0, n - length, endpoint=True))
        for n, length in zip(size, lengths)
    ]
    return *corner, *lengths


def _jitter(image, brightness, contrast):
    image *= np.float32(brightness)
    np.clip(image, 0.0, 255.0, out=image)
    grey = np.float32((image @ _GREY).mean())
    image += np.float32(contrast - 1.0) * (image - grey)
    np.clip(image, 0.0, 255.0, out=image)
