"""The array interface: one frame and its boxes, from whatever found them."""

import numpy as np

from keras_drop.data.cropping.crop_rule import CropRule


def crop_boxes(frame, boxes, rule=CropRule(), visibility=None, scores=None):
    """Cuts the people out of one frame.

    Boxes may reach beyond the frame; what counts is what lies in it.

    Args:
        frame: `(height, width, 3)` uint8, RGB. OpenCV's frames are BGR: give
            `frame[..., ::-1]`.
        boxes: `(num_boxes, 4)` numbers, left, top, right and bottom in pixels:
            `xyxy` of other libraries.
        rule: `CropRule`: which boxes become crops.
        visibility: `(num_boxes,)` shares in sight, NaN where not known.
        scores: `(num_boxes,)` scores of the detector, NaN where not known.

    Returns:
        A list of `(height, width, 3)` uint8 crops, and `(num_crops,)` the row
        of its box for each.

    Raises:
        ValueError: A frame or boxes of another shape, boxes that end before
            they begin.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data import CropRule, crop_boxes
    >>> frame = np.zeros((100, 80, 3), "uint8")
    >>> crops, rows = crop_boxes(
    ...     frame, [[10, 10, 40, 90], [70, 0, 75, 9]], CropRule(padding=0.1))
    >>> crops[0].shape, rows.tolist()
    ((96, 36, 3), [0])
    """
    frame = np.asarray(frame)
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise ValueError(
            f"A frame is (height, width, 3) uint8; it is {frame.shape} "
            f"{frame.dtype}."
        )
    boxes = checked_boxes(boxes)
    reasons = refused(boxes, frame.shape[:2], rule, visibility, scores)
    rows = np.flatnonzero(reasons == "")
    return [cut(frame, boxes[row], rule.padding) for row in rows], rows


def checked_boxes(boxes):
    """`(num_boxes, 4)` float64, if each ends behind where it begins.

    Raises:
        ValueError: Another shape, NaN, or a box that is none.
    """
    boxes = np.asarray(boxes, "float64")
    if not boxes.size:
        return boxes.reshape(0, 4)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(
            "Boxes are (num_boxes, 4): left, top, right, bottom; their shape "
            f"is {boxes.shape}."
        )
    wrong = ~(np.isfinite(boxes).all(1) & (boxes[:, 2:] >= boxes[:, :2]).all(1))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"Box {row} is {boxes[row].tolist()}; it is left, top, right, "
            "bottom, in this order. Of left, top, width, height add the first "
            "two to the last."
        )
    return boxes


def refused(boxes, frame_size, rule, visibility=None, scores=None):
    """Why each box does not become a crop, as `(num_boxes,)` strings.

    Returns:
        `"outside"`, `"small"`, `"score"`, `"visibility"`, `"covered"`, or
        `""` for a box that does.
    """
    height, width = frame_size
    inside = np.clip(boxes, 0, [width, height, width, height])
    size = inside[:, 2:] - inside[:, :2]
    reasons = np.full(len(boxes), "", "U10")
    found = {
        "outside": (size <= 0).any(axis=1),
        "small": (size < [rule.min_width, rule.min_height]).any(axis=1),
        "score": _below(scores, rule.min_score, len(boxes)),
        "visibility": _below(visibility, rule.min_visibility, len(boxes)),
        "covered": np.zeros(len(boxes), bool),
    }
    if rule.max_covered < 1:
        found["covered"] = covered(inside) > rule.max_covered
    for reason, rows in found.items():
        reasons[rows & (reasons == "")] = reason
    return reasons


def covered(boxes):
    """Share of each box that boxes which end lower cover together.

    Who stands nearer to a camera above the ground ends lower in the frame.

    Args:
        boxes: `(num_boxes, 4)` left, top, right, bottom.

    Returns:
        `(num_boxes,)` float64; 0 for a box without area.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.cropping.crop_boxes import covered
    >>> covered(np.array([[0, 0, 4, 8], [2, 2, 6, 9]])).tolist()
    [0.375, 0.0]
    """
    shares = np.zeros(len(boxes))
    for row, box in enumerate(boxes):
        near = boxes[boxes[:, 3] > box[3]]
        shares[row] = _covered_share(box, near)
    return shares


def cut(frame, box, padding):
    """The pixels of a box and `padding` around it, as far as they are there."""
    height, width = frame.shape[:2]
    margin = padding * (box[2:] - box[:2])
    left, top = np.floor(np.maximum(box[:2] - margin, 0)).astype(int)
    right, bottom = np.ceil(box[2:] + margin).astype(int)
    return frame[top : min(bottom, height), left : min(right, width)]


def _below(values, least, count):
    if values is None:
        return np.zeros(count, bool)
    return np.asarray(values, "float64") < least  # NaN is not.


def _covered_share(box, others):
    """Exact: the edges of all boxes cut the box into cells."""
    low, high = np.tile(box[:2], 2), np.tile(box[2:], 2)
    others = np.clip(others, low, high)
    others = others[(others[:, 2:] > others[:, :2]).all(axis=1)]
    area = np.prod(box[2:] - box[:2])
    if not len(others) or area <= 0:
        return 0.0
    x, y = np.unique(others[:, 0::2]), np.unique(others[:, 1::2])
    cells = np.zeros((len(y) - 1, len(x) - 1), bool)
    for left, top, right, bottom in others:
        rows = slice(np.searchsorted(y, top), np.searchsorted(y, bottom))
        cells[rows, np.searchsorted(x, left) : np.searchsorted(x, right)] = True
    return float((cells * np.outer(np.diff(y), np.diff(x))).sum() / area)
