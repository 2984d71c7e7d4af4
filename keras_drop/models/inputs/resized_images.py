import os

import numpy as np
from keras import ops
from PIL import Image

from keras_drop.files.pixel_values import refuse_other_pixels
from keras_drop.models.inputs.given_images import as_pixels


def resized_images(model, images, batch_size):
    """Images of any size and kind to one array of a model's image size.

    Args:
        model: `ReIDTask`, whose `preprocessor` resizes.
        images: `(num_images, height, width, 3)` array; a path or a PIL image;
            or a list of paths, PIL images and `(height, width, 3)` arrays.
        batch_size: Images that are read and resized at a time.

    Returns:
        `(num_images, height, width, 3)` float32.

    Raises:
        ValueError: Images of another number of axes or channels, none, or
            values that are not from 0 to 255.
    """
    size = tuple(model.input_shape[1:3])
    if isinstance(images, str | os.PathLike | Image.Image):
        images = [images]
    # Of paths too there are arrays, those of `Records`.
    if not isinstance(images, np.ndarray) or images.dtype.kind in "UO":
        images = _listed(images)
    if len(images) == 0:
        raise ValueError("There is no image to embed.")
    if isinstance(images, np.ndarray):
        if images.ndim == 3 and images.shape[-1] == 3:
            raise ValueError(
                f"The images have the shape {images.shape}, that of a single "
                "one. Give it as `images[None]`, or in a list."
            )
        as_pixels(images[0])
        refuse_other_pixels([images])
    else:
        arrays = [as_pixels(i) for i in images if not _is_file(i)]
        refuse_other_pixels(arrays)
    if isinstance(images, np.ndarray) and images.shape[1:3] == size:
        return np.asarray(images, "float32")
    resized = np.empty((len(images), *size, 3), "float32")
    for start in range(0, len(images), batch_size):
        batch = [as_pixels(i) for i in images[start : start + batch_size]]
        rows = slice(start, start + len(batch))
        if len({image.shape for image in batch}) == 1:
            resized[rows] = _resize(model, np.stack(batch), size)
        else:
            resized[rows] = [_resize(model, i[None], size)[0] for i in batch]
    return resized


def _listed(images):
    try:
        return list(images)
    except TypeError:
        raise ValueError(
            "Images are an array, paths or PIL images, one or a list of them; "
            f"got a {type(images).__name__}."
        ) from None


def _is_file(image):
    return isinstance(image, str | os.PathLike | Image.Image)


def _resize(model, images, size):
    if images.shape[1:3] == size:
        return images
    resized = model.preprocessor(images.astype("float32"))
    return ops.convert_to_numpy(resized)
