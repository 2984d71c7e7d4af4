import numpy as np
from keras import ops


def resized_images(model, images, batch_size):
    """Images of any size to one array of a model's image size.

    Args:
        model: `ReIDTask`, whose `preprocessor` resizes.
        images: `(num_images, height, width, 3)` array, or a list of
            `(height, width, 3)` arrays of different sizes.
        batch_size: Images that are resized at a time.

    Returns:
        `(num_images, height, width, 3)` float32.

    Raises:
        ValueError: Images of another number of axes or channels, or none.
    """
    height, width = model.input_shape[1:3]
    if not isinstance(images, np.ndarray):
        images = [np.asarray(image) for image in images]
    shapes = {np.shape(image) for image in images}
    for shape in shapes:
        if len(shape) != 3 or shape[-1] != 3:
            raise ValueError(
                "An image is an array (height, width, 3) of RGB values; "
                f"got one of shape {shape}."
            )
    if not shapes:
        raise ValueError("There is no image to embed.")
    if shapes == {(height, width, 3)}:
        return np.asarray(images, "float32")
    resized = np.empty((len(images), height, width, 3), "float32")
    if len(shapes) == 1:
        for start in range(0, len(images), batch_size):
            rows = slice(start, start + batch_size)
            resized[rows] = _resize(model, np.asarray(images[rows]))
    else:
        for row, image in enumerate(images):
            resized[row] = _resize(model, image[None])[0]
    return resized


def _resize(model, images):
    resized = model.preprocessor(images.astype("float32"))
    return ops.convert_to_numpy(resized)
