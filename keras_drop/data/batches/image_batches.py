"""`ImageBatches`: what `predict` gets."""

import keras
import numpy as np

from keras_drop.checks import refuse_no_count
from keras_drop.data.reading.batch_memory import batch_array
from keras_drop.data.reading.images import read_image, resize_image
from keras_drop.data.reading.look_ahead import LookAhead, checked_workers
from keras_drop.image_sizes import checked_image_size


class ImageBatches(keras.utils.PyDataset):
    """Batches of images in the order of their paths, resized, not changed.

    Args:
        paths: `(num_images,)` strings, the image files.
        image_size: `(height, width)`.
        batch_size: Images in a batch; the last one may have fewer.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.
        cameras: `(num_images,)` integers, the numbers that the images' cameras
            have in training. The attribute `cameras` keeps them for `embed` of
            a model that tells cameras apart; other models do not look at it.

    Returns:
        `batches[index]` is `(batch, height, width, 3)` float32, pixel values
        from 0 to 255.

    Raises:
        ValueError: No paths, no size, another number of cameras, or no whole
            number of images or threads; later, a file that is broken, by its
            name: `readable_splits` leaves such out before.

    Example:
    >>> from keras_drop.data import ImageBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> batches = ImageBatches([path] * 5, (64, 32), batch_size=2)
    >>> len(batches), batches[2].shape
    (3, (1, 64, 32, 3))
    """

    def __init__(
        self, paths, image_size, batch_size=64, workers=None, cameras=None
    ):
        super().__init__()
        if len(paths) == 0:
            raise ValueError("There are no images to make batches of.")
        self.paths = np.asarray(paths, str)
        self.cameras = None if cameras is None else np.asarray(cameras)
        if cameras is not None and self.cameras.shape != self.paths.shape:
            raise ValueError(
                f"There are {len(self.paths)} images, but `cameras` has the "
                f"shape {self.cameras.shape}. Give one camera per image."
            )
        self.image_size = checked_image_size(image_size)
        refuse_no_count(batch_size=batch_size)
        self.batch_size = batch_size
        self._ahead = LookAhead(self._make, len(self), checked_workers(workers))

    def __len__(self):
        return -(-len(self.paths) // self.batch_size)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of {len(self)}.")
        return self._ahead[index]

    def _make(self, index):
        start = index * self.batch_size
        paths = self.paths[start : start + self.batch_size]
        images = batch_array((len(paths), *self.image_size, 3))
        for image, path in zip(images, paths):
            resize_image(read_image(path), self.image_size, image)
        return images
