import numpy as np


def box_overlap(boxes, others):
    """Intersection over union of all pairs of boxes.

    Args:
        boxes: `(n, 4)` left, top, right, bottom.
        others: `(m, 4)`.

    Returns:
        `(n, m)` float64; 0 for boxes without area.

    Example:
    >>> from keras_drop.tracking.box_overlap import box_overlap
    >>> box_overlap([[0, 0, 2, 2]], [[1, 0, 3, 2], [5, 5, 6, 6]]).round(2)
    array([[0.33, 0.  ]])
    """
    boxes = np.asarray(boxes, "float64").reshape(-1, 1, 4)
    others = np.asarray(others, "float64").reshape(1, -1, 4)
    low = np.maximum(boxes[..., :2], others[..., :2])
    high = np.minimum(boxes[..., 2:], others[..., 2:])
    both = np.prod(np.maximum(high - low, 0), axis=2)
    areas = [np.prod(b[..., 2:] - b[..., :2], axis=2) for b in (boxes, others)]
    union = areas[0] + areas[1] - both
    return np.divide(both, union, out=np.zeros_like(both), where=union > 0)
