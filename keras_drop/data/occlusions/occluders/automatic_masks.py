"""Masks of all objects of an image, from a grid of points."""

import dataclasses

import cv2
import numpy as np


@dataclasses.dataclass(frozen=True)
class AutomaticMasks:
    """Finds the objects of an image by asking at every point of a grid.

    A mask counts if the model holds it for good, if it hardly changes when the
    threshold does (stability), and if it is neither small nor the background.
    Of masks whose boxes are nearly the same the best one counts.

    Args:
        predict: Function of an image and points, as `SAMMasks`.
        points_per_side: Points in every row and column of the grid.
        min_predicted_iou: Least of what the model predicts as the overlap with
            the true mask.
        min_stability: Least overlap of the masks at a lower and at a higher
            threshold.
        stability_offset: How much lower and higher, in logits.
        min_area: Least share of the image.
        max_area: Largest share of the image.
        max_box_overlap: Largest intersection over union of two boxes.

    Call arguments:
        image: `(height, width, 3)` RGB values from 0 to 255.

    Returns:
        List of `(height, width)` bool masks, the best first.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions.occluders.automatic_masks import (
    ...     AutomaticMasks,
    ... )
    >>> def predict(image, points):
    ...     logits = np.full((1, 1, 8, 8), -9.0, "float32")
    ...     logits[..., 2:6, :4] = 9.0
    ...     yield logits, np.ones((1, 1), "float32")
    >>> masks = AutomaticMasks(predict)(np.zeros((16, 16, 3), "uint8"))
    >>> len(masks), int(masks[0].sum())
    (1, 64)

    Reference:
        [Kirillov et al., 2023](https://arxiv.org/abs/2304.02643)
    """

    predict: object
    points_per_side: int = 32
    min_predicted_iou: float = 0.88
    min_stability: float = 0.95
    stability_offset: float = 1.0
    min_area: float = 0.01
    max_area: float = 0.6
    max_box_overlap: float = 0.7

    def __call__(self, image):
        candidates = []
        points = grid_points(self.points_per_side)
        for logits, predicted_iou in self.predict(image, points):
            logits = logits.reshape(-1, *logits.shape[-2:])
            scores = predicted_iou.reshape(-1)
            good = self._filter(logits, scores)
            candidates += zip(scores[good], logits[good])
        candidates.sort(key=lambda candidate: -candidate[0])
        boxes = [_box(logits > 0) for _, logits in candidates]
        size = image.shape[1], image.shape[0]
        return [
            cv2.resize(candidates[k][1], size, interpolation=cv2.INTER_LINEAR)
            > 0
            for k in suppress_overlaps(boxes, self.max_box_overlap)
        ]

    def _filter(self, logits, scores):
        area = (logits > 0).mean(axis=(1, 2))
        good = (scores >= self.min_predicted_iou) & (area >= self.min_area)
        good &= area <= self.max_area
        stable = stability(logits, self.stability_offset)
        return good & (stable >= self.min_stability)


def grid_points(per_side):
    """`(per_side ** 2, 2)` column and row, from 0 to 1, evenly spread.

    Example:
    >>> from keras_drop.data.occlusions.occluders.automatic_masks import (
    ...     grid_points,
    ... )
    >>> grid_points(2).tolist()
    [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    """
    places = (np.arange(per_side) + 0.5) / per_side
    rows, columns = np.meshgrid(places, places, indexing="ij")
    return np.stack([columns.ravel(), rows.ravel()], axis=1)


def stability(logits, offset):
    """How much the masks overlap at a higher and at a lower threshold.

    Args:
        logits: `(n, height, width)`.
        offset: Of the thresholds from 0.

    Returns:
        `(n,)` intersections over unions; 0 for an empty mask.
    """
    inner = (logits > offset).sum(axis=(1, 2))
    outer = (logits > -offset).sum(axis=(1, 2))
    return inner / np.maximum(outer, 1)


def suppress_overlaps(boxes, max_overlap):
    """Which boxes are kept: none that nearly equals a better one.

    Args:
        boxes: List of `(top, left, bottom, right)`, the best first.
        max_overlap: Largest intersection over union with a kept box.

    Returns:
        List of indices, rising.

    Example:
    >>> from keras_drop.data.occlusions.occluders.automatic_masks import (
    ...     suppress_overlaps,
    ... )
    >>> suppress_overlaps([(0, 0, 4, 4), (0, 0, 4, 3), (2, 2, 6, 6)], 0.7)
    [0, 2]
    """
    boxes = np.asarray(boxes, "float64").reshape(-1, 4)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    for k, box in enumerate(boxes):
        top_left = np.maximum(boxes[kept, :2], box[:2])
        bottom_right = np.minimum(boxes[kept, 2:], box[2:])
        shared = np.prod(np.maximum(bottom_right - top_left, 0), axis=1)
        overlap = shared / (area[kept] + area[k] - shared)
        if not (overlap > max_overlap).any():
            kept.append(k)
    return kept


def _box(mask):
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
