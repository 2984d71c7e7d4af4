"""`Street`: what a camera always sees, and the obstacles in front of it."""

import dataclasses

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.scene.background import (
    GROUNDS,
    WALLS,
    paint_background,
)
from keras_drop.datasets.embedded_pedestrians.scene.camera import (
    Camera,
    draw_cameras,
)
from keras_drop.datasets.embedded_pedestrians.scene.occluders import (
    draw_occluder,
    draw_wall,
)
from keras_drop.datasets.embedded_pedestrians.walks.passage import (
    HEIGHT,
    WIDTH,
    ground_of,
    scale_of,
)

# They stand on the ground; a hoarding hides people wholly.
_KINDS = ("car", "plant", "bench", "sign", "crate", "fence")
_NUM_OBSTACLES = 4
# Body height, in pixels, that pictures of obstacles are drawn for.
_DRAWN_FOR = 230


@dataclasses.dataclass(frozen=True)
class Obstacle:
    """Something that stands in a street.

    Args:
        x: Column of its middle.
        depth: 0 at the far side, 1 at the near one; it hides who is farther.
        picture: `(height, width, 4)` uint8 RGBA, in its size there.
    """

    x: int
    depth: float
    picture: np.ndarray

    @property
    def corner(self):
        """Row and column of its upper left corner."""
        rows, columns = self.picture.shape[:2]
        return int(ground_of(self.depth)) - rows, self.x - columns // 2


@dataclasses.dataclass(frozen=True)
class Street:
    """What one camera films.

    Args:
        camera: `Camera`: its colours, blur, noise and the side of the light.
        skew: Degrees by which people who walk along it turn to the camera.
        background: `(256, 640, 3)` uint8.
        obstacles: `Obstacle`s, from far to near.
    """

    camera: Camera
    skew: int
    background: np.ndarray
    obstacles: tuple


def draw_street(seed, number):
    """The `Street` of a camera of a seed."""
    rng = np.random.default_rng([seed, 21, number])
    camera = draw_cameras(seed)[number]
    wall, ground = (
        names[int(rng.integers(len(names)))] for names in (WALLS, GROUNDS)
    )
    horizon = int(rng.integers(140, 171))
    panels = [paint_background(rng, wall, ground, horizon) for _ in range(4)]
    obstacles = [_obstacle(rng, place) for place in range(_NUM_OBSTACLES)]
    return Street(
        camera=camera,
        skew=int(rng.integers(-40, 41)),
        background=np.hstack(panels)[:HEIGHT],
        obstacles=tuple(sorted(obstacles, key=lambda o: o.depth)),
    )


def _obstacle(rng, place):
    """The first is a hoarding, the others are drawn; each has its stretch."""
    depth = int(rng.integers(30, 81)) / 100
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    drawn = draw_wall() if place == 0 else draw_occluder(kind, rng)
    factor = scale_of(depth) / _DRAWN_FOR
    rows, columns = drawn.picture.shape[:2]
    size = int(columns * factor), int(rows * factor)
    picture = cv2.resize(
        drawn.picture, size, interpolation=cv2.INTER_LINEAR_EXACT
    )
    stretch = WIDTH // _NUM_OBSTACLES
    turn = (place + int(rng.integers(_NUM_OBSTACLES))) if place == 0 else place
    x = (turn % _NUM_OBSTACLES) * stretch + stretch // 2
    return Obstacle(x + int(rng.integers(-35, 36)), depth, picture)
