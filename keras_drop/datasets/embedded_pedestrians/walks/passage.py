"""`Passage`: one person on one way through the picture of one camera."""

import dataclasses

import numpy as np

# The streets are as wide; people come from beyond their edges.
WIDTH, HEIGHT = 640, 256
_BEYOND = 45
_PHASE_OF_A_BODY_HEIGHT = 480
_TURN_PERCENT = 25


@dataclasses.dataclass(frozen=True)
class Passage:
    """A way through a street.

    Args:
        person: Number of the person, from 1.
        camera: Number of the camera, from 0.
        start: Frame in which the person sets out, from 1.
        direction: 1 to the right, -1 to the left.
        depth: 0 at the far side of the street, 1 at the near one.
        speed: Pixels a frame.
        turn: Column where the person turns back, `None` to walk on.
    """

    person: int
    camera: int
    start: int
    direction: int
    depth: float
    speed: float
    turn: float | None

    @property
    def ground(self):
        """Row that the person stands on."""
        return ground_of(self.depth)

    @property
    def scale(self):
        """Pixels of a usual body height."""
        return scale_of(self.depth)

    @property
    def num_frames(self):
        """Frames until the person is out of the picture again."""
        way = WIDTH + 2 * _BEYOND
        if self.turn is not None:
            way = 2 * abs(self.turn - self._first)
        return int(way / self.speed)

    def at(self, frame):
        """Column, direction and phase of the walk; `None` if elsewhere."""
        gone = (frame - self.start) * self.speed
        if not 0 <= frame - self.start < self.num_frames:
            return None
        phase = gone / self.scale * _PHASE_OF_A_BODY_HEIGHT
        x, direction = self._first + self.direction * gone, self.direction
        if self.turn is not None and (x - self.turn) * direction > 0:
            x, direction = 2 * self.turn - x, -direction
        return x, direction, phase % 360

    @property
    def _first(self):
        return -_BEYOND if self.direction > 0 else WIDTH + _BEYOND


def ground_of(depth):
    """Row of the ground at a depth of the street."""
    return 190 + 55 * depth


def scale_of(depth):
    """Pixels of a usual body height at a depth of the street."""
    return 105 + 45 * depth


def plan_passages(num_people, num_frames, streets, rng):
    """Ways of all people: each comes back, by other cameras too.

    Args:
        num_people: Number of people.
        num_frames: Frames of each camera.
        streets: A `Street` for each camera.
        rng: Random generator.

    Returns:
        List of `Passage`. Nobody is seen by two cameras at a time.
    """
    passages = []
    for person in range(1, num_people + 1):
        start = 1 - int(rng.integers(0, 40)) + 8 * (person - 1)
        # Nobody sets out shortly before the end.
        while start < max(num_frames - 30, 1):
            camera = int(rng.integers(len(streets)))
            depth = int(rng.integers(0, 101)) / 100
            direction = 1 if rng.integers(2) else -1
            turn = None
            hides = [o.x for o in streets[camera].obstacles if o.depth > depth]
            if hides and int(rng.integers(100)) < _TURN_PERCENT:
                turn = float(hides[int(rng.integers(len(hides)))])
            speed = int(rng.integers(45, 76)) / 10
            passages.append(
                Passage(person, camera, start, direction, depth, speed, turn)
            )
            start += passages[-1].num_frames + int(rng.integers(8, 50))
    return passages


def seen_at(passages, frame):
    """Of a list the passages that are under way, from far to near."""
    under_way = [p for p in passages if p.at(frame) is not None]
    depths = np.array([p.depth for p in under_way])
    return [under_way[k] for k in np.argsort(depths, kind="stable")]
