"""Files that are there whole or not at all."""

import os

import cv2
import numpy as np


def write_file(path, content):
    """Writes a file whole or not at all.

    Args:
        path: `pathlib.Path`; its folder exists.
        content: Bytes.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def encode(suffix, picture, *parameters):
    """File content of an RGB, RGBA or grey picture.

    Args:
        suffix: `".jpg"` or `".png"`.
        picture: `(height, width)` or `(height, width, channels)` uint8.
        *parameters: Of `cv2.imencode`.

    Example:
    >>> import numpy as np
    >>> from keras_drop.datasets.files.whole_files import encode
    >>> encode(".png", np.zeros((2, 2), "uint8"))[1:4]
    b'PNG'
    """
    if picture.ndim == 3:
        order = [2, 1, 0, 3][: picture.shape[2]]
        picture = picture[..., order]
    _, content = cv2.imencode(
        suffix, np.ascontiguousarray(picture), list(parameters)
    )
    return content.tobytes()
