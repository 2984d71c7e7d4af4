import dataclasses

import numpy as np
from scipy.optimize import linear_sum_assignment

from keras_drop.checks import refuse_less_than_1, refuse_outside
from keras_drop.tracking.box_overlap import box_overlap

# How much of a track's velocity is that of its last step.
_NEWEST = 0.4


def link_boxes(boxes, *, min_overlap=0.3, max_gap=3):
    """Tracks from boxes alone: each goes on where it would have moved to.

    A plain tracker for detections that have no track: of every frame the
    boxes and the tracks are assigned by their overlap, where a track goes on
    at its velocity. It knows nothing of looks, so who is hidden for longer
    comes back as somebody new; `Follower` then says who that is.

    Args:
        boxes: `Boxes` of one camera; their tracks are not looked at.
        min_overlap: Intersection over union from which on a box may be the
            next of a track.
        max_gap: Frames for which a track may go without a box.

    Returns:
        `(num_boxes,)` strings: the number of each box's track, from 1.

    Raises:
        ValueError: Numbers out of range.

    Example:
    >>> from keras_drop.data import Boxes
    >>> from keras_drop.tracking import link_boxes
    >>> boxes = Boxes([1, 1, 2, 2], [[0, 0, 9, 20], [50, 0, 59, 20],
    ...     [51, 0, 60, 20], [1, 0, 10, 20]])
    >>> link_boxes(boxes).tolist()
    ['1', '2', '2', '1']
    """
    refuse_outside(0, 1, min_overlap=min_overlap)
    refuse_less_than_1(max_gap=max_gap)
    tracks, names = [], np.zeros(len(boxes), int)
    count = 0
    frames = np.unique(boxes.frames)
    # Files have an order, numbers say how many frames lie between.
    numbers = range(len(frames)) if boxes.names_files else frames
    for number, frame in zip(numbers, frames.tolist()):
        rows = boxes.rows_of(frame)
        tracks = [t for t in tracks if number - t.number <= max_gap]
        ahead = [track.at(number) for track in tracks]
        overlap = box_overlap(ahead, boxes.boxes[rows])
        taken = set()
        for one, two in zip(*linear_sum_assignment(-overlap)):
            if overlap[one, two] >= max(min_overlap, 1e-9):
                tracks[one].go_on(boxes.boxes[rows[two]], number)
                names[rows[two]] = tracks[one].name
                taken.add(two)
        for place, row in enumerate(rows):
            if place not in taken:
                count += 1
                tracks.append(_Track(count, boxes.boxes[row], number))
                names[row] = count
    return names.astype(str)


@dataclasses.dataclass
class _Track:
    """Where a track was last, and how it moves."""

    name: int
    box: np.ndarray
    number: int
    velocity: np.ndarray | None = None

    def at(self, number):
        if self.velocity is None:
            return self.box
        way = np.tile(self.velocity, 2)
        return self.box + (number - self.number) * way

    def go_on(self, box, number):
        way = (box - self.box).reshape(2, 2).mean(axis=0)
        way = way / (number - self.number)
        if self.velocity is not None:
            way = self.velocity + _NEWEST * (way - self.velocity)
        self.box, self.number, self.velocity = box, number, way
