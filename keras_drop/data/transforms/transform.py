"""What happens to a training image, and to its label with it."""

import dataclasses

import numpy as np
from PIL import Image

from keras_drop.data.reading.images import resize_image
from keras_drop.data.reading.scratch import scratch
from keras_drop.data.transforms.enhance import enhance

_MEAN = np.array([0.485, 0.456, 0.406], "float32")
_STD = np.array([0.229, 0.224, 0.225], "float32")
# The pixel values that the models normalise to (0.485, 0.456, 0.406).
ERASED = 255.0 * (_MEAN * _STD + _MEAN)


@dataclasses.dataclass(frozen=True)
class Transform:
    """What happens to one image and to its parsing label.

    In this order: first steps, resize, flip, crop, steps, erase. The same
    values move the image and the label, so that both stay aligned.

    Args:
        size: `(height, width)` of the result.
        flip: Whether left and right are exchanged.
        shift: `(rows, columns)` by which the crop starts after the image;
            negative values show the border, which is 0.
        steps: Changes of colour and sharpness, one after the other, as of
            `enhance`; empty leaves the colours.
        hole: `(top, left, height, width)` of the erased rectangle, or `None`.
        first_steps: As `steps`, of the image as it is stored: the border that
            a crop shows stays black.
        bicubic: Whether images are resized bicubically, as Pillow does, and
            not bilinearly.

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
    steps: tuple = ()
    hole: tuple | None = None
    first_steps: tuple = ()
    bicubic: bool = False

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
        if self.first_steps:
            image = enhance(np.asarray(image, "float32"), self.first_steps)
        resized = image
        if self.bicubic and image.shape[:2] != tuple(self.size):
            resized = _resize_bicubic(image, self.size)
        elif image.shape[:2] != tuple(self.size):
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
        if self.steps:
            out[:] = enhance(out, self.steps)
        if self.hole:
            top, left, height, width = self.hole
            out[top : top + height, left : left + width] = ERASED
        return out

    def label_cells(self, label_size, double_floor=False):
        """Where the cells of the label grid come from.

        Follows the centre of every cell of the `(height / 4, width / 4)` grid
        back through erasing, crop and flip to the label as it was stored;
        every step of the way is nearest neighbour, so this equals
        transforming the label at full size and reducing it at the end.

        Args:
            label_size: `(height, width)` of the stored label.
            double_floor: Follows the first pixel of every cell instead, and
                rounds down in the label too, as BPBReID's release does.

        Returns:
            `(height / 4,)` rows and `(width / 4,)` columns of the label, and
            the `(height / 4, width / 4)` mask of cells that show neither
            border nor hole.
        """
        if double_floor:
            return self._origin(label_size, 4, 0, _floor_index)
        return self._origin(label_size, 4, 2, _nearest_index)

    def label_pixels(self, label_size):
        """`label_cells` of every pixel: `height` rows, `width` columns."""
        return self._origin(label_size, 1, 0, _nearest_index)

    def _origin(self, label_size, stride, start, index_of):
        indices, inside, positions = [], [], []
        for axis, (length, label_length) in enumerate(
            zip(self.size, label_size)
        ):
            position = stride * np.arange(length // stride) + start
            origin = position + self.shift[axis]
            inside.append((origin >= 0) & (origin < length))
            if axis == 1 and self.flip:
                origin = length - 1 - origin
            index = index_of(origin, length, label_length)
            indices.append(np.clip(index, 0, label_length - 1))
            positions.append(position)
        shown = inside[0][:, None] & inside[1]
        if self.hole:
            top, left, height, width = self.hole
            rows = (positions[0] >= top) & (positions[0] < top + height)
            columns = (positions[1] >= left) & (positions[1] < left + width)
            shown &= ~(rows[:, None] & columns)
        return *indices, shown


def _resize_bicubic(image, size):
    """As Pillow does: in whole pixel values, smoothed if it shrinks."""
    pixels = Image.fromarray(np.rint(image).astype("uint8"))
    return np.asarray(pixels.resize(size[::-1], Image.Resampling.BICUBIC))


def _nearest_index(origin, length, label_length):
    """`floor((origin + 0.5) * label_length / length)`, in whole numbers."""
    return (2 * origin + 1) * label_length // (2 * length)


def _floor_index(origin, length, label_length):
    """OpenCV's nearest, to the last bit: it multiplies by a rounded ratio."""
    return np.floor(origin * (1 / (length / label_length))).astype(int)
