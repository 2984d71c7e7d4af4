import cv2
import numpy as np


def part_overlay(image, part_map, colours, interpolation=cv2.INTER_LINEAR):
    """Grey image with every pixel mixed with the colours of its parts.

    Args:
        image: `(height, width, 3)` uint8 RGB values.
        part_map: `(h, w, num_parts + 1)` probabilities, background first.
        colours: `(num_parts, 3)` RGB values.
        interpolation: OpenCV's, by which the map gets the size of the image.

    Returns:
        Array like `image`.

    Example:
    >>> import numpy as np
    >>> from keras_drop.visualization.part_overlay import part_overlay
    >>> image, parts = np.zeros((4, 2, 3), "uint8"), np.ones((2, 1, 2)) / 2
    >>> part_overlay(image, parts, [[255, 0, 0]]).shape
    (4, 2, 3)
    """
    height, width = image.shape[:2]
    parts = np.stack(
        [
            cv2.resize(part, (width, height), interpolation=interpolation)
            for part in np.moveaxis(part_map[..., 1:], -1, 0)
        ],
        axis=-1,
    )
    certainty = np.clip(parts.sum(axis=-1, keepdims=True), 0, 1)
    shares = parts / np.maximum(parts.sum(axis=-1, keepdims=True), 1e-6)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None]
    alpha = 0.7 * certainty
    mixed = (1 - alpha) * (0.8 * grey + 40) + alpha * (shares @ colours)
    return np.clip(mixed, 0, 255).astype("uint8")
