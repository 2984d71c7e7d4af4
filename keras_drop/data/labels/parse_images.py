"""Images of any size to the body parts that a network sees in them."""

import cv2
import numpy as np

from keras_drop.data.reading.images import read_image, resize_image
from keras_drop.data.reading.look_ahead import LookAhead, checked_workers


def parse_images(segmenter, paths, image_size, batch_size=32):
    """The part of every pixel of images, one after the other.

    The network sees the image at its own size; its logits are brought to the
    size of the image (bilinear), and the highest one counts.

    Args:
        segmenter: Model from `(batch, height, width, 3)` pixel values from 0
            to 255 to `(batch, h, w, 1 + num_parts)` logits, background first.
        paths: Image files.
        image_size: `(height, width)` of what the model sees.
        batch_size: Images in a batch.

    Returns:
        Iterator of `(height, width)` uint8 part numbers, as large as the
        image, in the order of the paths; of the error instead, where an image
        cannot be read.
    """
    paths = list(map(str, paths))
    batch_size = max(min(batch_size, len(paths)), 1)

    def read(number):
        images = []
        for path in paths[number * batch_size : (number + 1) * batch_size]:
            try:
                images.append(read_image(path))
            except (FileNotFoundError, ValueError) as error:
                images.append(error)
        return images

    num_batches = -(-len(paths) // batch_size)
    batches = LookAhead(read, num_batches, checked_workers())
    for number in range(num_batches):
        images = batches[number]
        # Always as many, so that the model is compiled once.
        seen = np.zeros((batch_size, *image_size, 3), "float32")
        for i, image in enumerate(images):
            if not isinstance(image, Exception):
                resize_image(image, image_size, seen[i])
        logits = segmenter.predict_on_batch(seen)
        for i, image in enumerate(images):
            if isinstance(image, Exception):
                yield image
            else:
                yield _highest(np.asarray(logits[i]), image.shape[:2])


def _highest(logits, size):
    logits = logits.astype("float32")
    if logits.shape[:2] != size:
        logits = cv2.resize(logits, size[::-1], interpolation=cv2.INTER_LINEAR)
    return logits.argmax(axis=-1).astype("uint8")
