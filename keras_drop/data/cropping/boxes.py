import numpy as np

from keras_drop.data.cropping.crop_boxes import checked_boxes


class Boxes:
    """Boxes in the frames of one sequence, from a tracker or a detector.

    Args:
        frames: `(num_boxes,)` whole numbers of the frames, or their file names.
        boxes: `(num_boxes, 4)` left, top, right, bottom in pixels, from 0.
        tracks: `(num_boxes,)` strings, who it is; empty where nobody knows.
            Left out, nobody knows.
        visibility: `(num_boxes,)` share in sight; NaN where not known.
        scores: `(num_boxes,)` of the detector; NaN where not known.

    Raises:
        ValueError: Columns of other lengths, or boxes that are none.

    Example:
    >>> from keras_drop.data import Boxes
    >>> boxes = Boxes([1, 1, 2], [[0, 0, 9, 20]] * 3, tracks=["4", "7", "4"])
    >>> boxes.rows_of(1).tolist(), len(boxes)
    ([0, 1], 3)
    """

    def __init__(
        self, frames, boxes, tracks=None, visibility=None, scores=None
    ):
        self.frames = np.asarray(frames)
        self.boxes = checked_boxes(boxes)
        count = len(self.boxes)
        self.tracks = np.asarray([""] * count if tracks is None else tracks)
        self.tracks = self.tracks.astype(str)
        self.visibility = _numbers(visibility, count)
        self.scores = _numbers(scores, count)
        for name in ("frames", "tracks", "visibility", "scores"):
            if getattr(self, name).shape != (count,):
                raise ValueError(
                    f"{count} boxes need as many `{name}`; their shape is "
                    f"{getattr(self, name).shape}."
                )
        self.names_files = self.frames.dtype.kind not in "iu"
        order = np.argsort(self.frames, kind="stable")
        keys, starts = np.unique(self.frames[order], return_index=True)
        rows = np.split(order, starts[1:])
        self._rows = dict(zip(keys.tolist(), rows))

    def __len__(self):
        return len(self.boxes)

    def rows_of(self, frame):
        """Rows of the boxes of a frame, by its number or file name."""
        return self._rows.get(frame, np.empty(0, int))


def _numbers(values, count):
    values = np.full(count, np.nan) if values is None else values
    return np.asarray(values, "float64")
