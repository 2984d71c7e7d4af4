"""Image files as pixels, with the checksum of what was read."""

import hashlib

from keras_drop.data.reading.batch_memory import batch_array
from keras_drop.data.reading.images import resize_image
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.files.packed_file import file_bytes


def read_hashed(path):
    """Pixels of an image, and SHA-256 of its file.

    Args:
        path: As of `read_image`.

    Returns:
        `(height, width, 3)` uint8, and text of 64 digits.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is no image.
    """
    try:
        content = file_bytes(path)
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no image {path}.") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error}).") from None
    pixels = decode_image(content, rgb_pixels, str(path))
    return pixels, hashlib.sha256(content).hexdigest()


def read_batch(paths, image_size, unreadable):
    """Images of some files, resized as `ImageBatches` does.

    Args:
        paths: Their paths.
        image_size: `(height, width)`; `None` leaves each as it is.
        unreadable: `UnreadableFiles`, which is told those that cannot be read.

    Returns:
        Pair of `(images, height, width, 3)` float32, black where a file
        cannot be read, or a list of arrays and `None`; and the list of
        checksums, `None` there.
    """
    images = [None] * len(paths)
    if image_size is not None:
        images = batch_array((len(paths), *image_size, 3))
    contents = [None] * len(paths)
    for place, path in enumerate(paths):
        try:
            pixels, contents[place] = read_hashed(path)
        except (OSError, ValueError) as error:
            unreadable.add(path, error)
            if image_size is not None:
                images[place] = 0
            continue
        if image_size is None:
            images[place] = pixels
        else:
            resize_image(pixels, image_size, images[place])
    return images, contents
