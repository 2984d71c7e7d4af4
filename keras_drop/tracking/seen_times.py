import dataclasses
import math


@dataclasses.dataclass
class SeenTimes:
    """When each camera saw a track first and last.

    Args:
        cameras: Dictionary of a camera to the pair of the two times.

    Example:
    >>> from keras_drop.tracking.seen_times import SeenTimes
    >>> early, late = SeenTimes({"door": [1, 5]}), SeenTimes({"door": [4, 9]})
    >>> early.at_once(late), early.last
    (True, 5)
    """

    cameras: dict = dataclasses.field(default_factory=dict)

    def add(self, camera, first, last):
        """The camera saw it from the one time to the other."""
        span = self.cameras.setdefault(camera, [first, last])
        span[:] = min(span[0], first), max(span[1], last)

    def merge(self, other):
        """What is known of another track of the same person."""
        for camera, (first, last) in other.cameras.items():
            self.add(camera, first, last)

    def at_once(self, other):
        """Whether a camera saw both at a time: then they are two people."""
        return any(
            camera in self.cameras
            and first <= self.cameras[camera][1]
            and self.cameras[camera][0] <= last
            for camera, (first, last) in other.cameras.items()
        )

    @property
    def last(self):
        """When any camera saw it last."""
        return max(
            (last for _, last in self.cameras.values()), default=math.nan
        )
