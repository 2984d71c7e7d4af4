"""Images together with the cameras that took them."""

import numpy as np


def checked_cameras(cameras, num_cameras, num_images):
    """`(num_images,)` int32 array of cameras that a model knows, or of -1.

    Raises:
        ValueError: A model that knows none, a camera that it does not know,
            or another number of cameras than of images.
    """
    cameras = np.asarray(cameras)
    if not num_cameras:
        raise ValueError(
            "This model does not tell cameras apart: leave `cameras` out, or "
            "build its backbone with `num_cameras`."
        )
    if cameras.shape != (num_images,):
        raise ValueError(
            f"There are {num_images} images, but `cameras` has the shape "
            f"{cameras.shape}. Give one camera per image."
        )
    unknown = cameras[(cameras < -1) | (cameras >= num_cameras)]
    if unknown.size:
        raise ValueError(
            f"The model tells the cameras 0 to {num_cameras - 1} apart, "
            f"received {unknown[0]}. An unknown camera is -1."
        )
    return cameras.astype("int32")


def batches_with_cameras(batches, cameras):
    """The batches, one after the other, as `predict` takes them.

    Args:
        batches: Sequence of `(batch, height, width, 3)` images.
        cameras: `(num_images,)` cameras of all of them.

    Returns:
        Generator of tuples of one dictionary of `images` and `cameras`.
    """
    start = 0
    for index in range(len(batches)):
        images = batches[index]
        stop = start + len(images)
        yield ({"images": images, "cameras": cameras[start:stop]},)
        start = stop
