import dataclasses

import numpy as np

from keras_drop.data.cropping.crop_boxes import checked_boxes


@dataclasses.dataclass(frozen=True, eq=False)
class Detections:
    """Boxes of one frame, as trackers and detectors of others give them.

    Args:
        boxes: `(num_boxes, 4)` float64: left, top, right, bottom.
        track_ids: `(num_boxes,)` whole numbers, `-1` where not known.
        scores: `(num_boxes,)` float64, NaN where not known.
    """

    boxes: np.ndarray
    track_ids: np.ndarray
    scores: np.ndarray


def read_detections(detections):
    """`Detections` of what another library returns.

    Read are `xyxy`, `tracker_id` and `confidence`, as of supervision's
    `Detections`, or `xyxy`, `id` and `conf`, as of the `boxes` of a result of
    Ultralytics. Neither library is needed. Tensors are copied to NumPy.

    Args:
        detections: An object with these attributes. All but `xyxy` may be
            missing or `None`.

    Returns:
        `Detections`.

    Raises:
        ValueError: No `xyxy`, or columns of other lengths.

    Example:
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from keras_drop.tracking import read_detections
    >>> theirs = SimpleNamespace(
    ...     xyxy=np.array([[0, 0, 4, 8]]), tracker_id=np.array([7]),
    ...     confidence=None)
    >>> ours = read_detections(theirs)
    >>> ours.track_ids.tolist(), ours.scores.tolist()
    ([7], [nan])
    """
    boxes = boxes_of(detections)
    tracks = _column(detections, ("tracker_id", "id"), len(boxes))
    scores = _column(detections, ("confidence", "conf"), len(boxes))
    return Detections(
        boxes,
        np.where(np.isnan(tracks), -1, tracks).astype("int64"),
        scores,
    )


def boxes_of(boxes):
    """`(num_boxes, 4)` float64 of an array, or of what has it as `xyxy`.

    Raises:
        ValueError: It is neither.
    """
    values = _array(getattr(boxes, "xyxy", boxes))
    if values.dtype.kind not in "biuf":
        raise ValueError(
            "Boxes are (num_boxes, 4) numbers, or an object with `xyxy`; this "
            f"is {type(boxes).__name__}."
        )
    return checked_boxes(values)


def _column(detections, names, count):
    for name in names:
        values = getattr(detections, name, None)
        if values is not None:
            values = _array(values).astype("float64")
            if values.shape != (count,):
                raise ValueError(
                    f"There are {count} boxes, and `{name}` has the shape "
                    f"{values.shape}; it has one value a box."
                )
            return values
    return np.full(count, np.nan)


def _array(values):
    """As NumPy, also what lies on a device."""
    for method in ("detach", "cpu"):
        if hasattr(values, method):
            values = getattr(values, method)()
    return np.asarray(values)
