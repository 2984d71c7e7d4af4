"""Part labels as a parser would have guessed them."""

import cv2
import numpy as np

from keras_drop.densepose_parts import PART_NAMES

COARSE_GRID = 17, 9


def degrade_labels(labels, strength, rng):
    """`labels` with the mistakes of pseudo labels.

    Parts grow or shrink by a few pixels and get lost, and the picture is
    read on a coarse grid of 17x9 cells.

    Args:
        labels: `(height, width)` uint8 part numbers.
        strength: 0 to 1: the probability that a part grows or shrinks and
            that the grid is coarse, and five times that of a lost part.
        rng: Random generator.
    """
    degraded = np.zeros_like(labels)
    radius = max(labels.shape[0] // 64, 1)
    for part in range(1, len(PART_NAMES) + 1):
        size = 2 * int(rng.integers(1, radius + 2)) + 1
        grows, changes, lost = rng.integers(0, (2, 1000, 1000)).tolist()
        mask = (labels == part).astype(np.uint8)
        if lost < 200 * strength:
            continue
        if changes < 1000 * strength:
            kernel = np.ones((size, size), np.uint8)
            mask = (cv2.dilate if grows else cv2.erode)(mask, kernel)
        degraded[mask > 0] = part
    if int(rng.integers(1000)) < 1000 * strength:
        degraded = _coarse(degraded)
    return degraded


def _coarse(labels):
    """Every cell of the grid takes the label of its centre."""
    indices = []
    for size, cells in zip(labels.shape, COARSE_GRID, strict=True):
        cell = np.arange(size) * cells // size
        indices.append((2 * cell + 1) * size // (2 * cells))
    return labels[indices[0][:, None], indices[1][None, :]]
