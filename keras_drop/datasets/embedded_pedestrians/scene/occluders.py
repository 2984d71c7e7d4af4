"""`Occluder`: cut-out pictures of what stands in front of people."""

import dataclasses

import numpy as np

from keras_drop.datasets.embedded_pedestrians.drawing.painter import Painter
from keras_drop.datasets.embedded_pedestrians.drawing.palette import (
    GARMENT_COLOURS,
)
from keras_drop.datasets.embedded_pedestrians.person.draw_identities import (
    draw_identity,
)
from keras_drop.datasets.embedded_pedestrians.person.figure import Figure
from keras_drop.datasets.embedded_pedestrians.person.pose import Pose
from keras_drop.datasets.embedded_pedestrians.scene.obstacles import (
    OBSTACLE_PAINTERS,
)

# From where each kind moves into the picture, and its height and width.
KINDS = {
    "car": (("below", "left", "right"), 176, 300),
    "pole": (("left", "right"), 290, 64),
    "plant": (("below", "left", "right"), 200, 150),
    "bench": (("below",), 130, 190),
    "sign": (("left", "right"), 240, 112),
    "crate": (("below", "left", "right"), 220, 124),
    "fence": (("below", "across"), 190, 220),
    "umbrella": (("above",), 190, 180),
    "pedestrian": (("left", "right"), 276, 140),
}


@dataclasses.dataclass(frozen=True)
class Occluder:
    """An obstacle and where it comes from.

    Args:
        kind: One of `KINDS`.
        entry: `"below"`, `"above"`, `"left"`, `"right"` or `"across"`.
        anchor: Pixels its place is shifted by along the picture's edge.
        picture: `(height, width, 4)` uint8 RGBA.
    """

    kind: str
    entry: str
    anchor: int
    picture: np.ndarray


def draw_occluder(kind, rng):
    """An `Occluder` of a kind, its looks drawn from `rng`."""
    entries, height, width = KINDS[kind]
    picture = np.full((height, width, 3), 60, np.uint8)
    painter = Painter(picture, 225, rng)
    if kind == "pedestrian":
        paint_passer_by(painter, rng)
    else:
        names = list(GARMENT_COLOURS)
        colour = GARMENT_COLOURS[names[int(rng.integers(len(names)))]]
        OBSTACLE_PAINTERS[kind](painter, rng, colour, height, width)
    return Occluder(
        kind=kind,
        entry=entries[int(rng.integers(len(entries)))],
        anchor=int(rng.integers(-14, 15)),
        picture=np.dstack([picture, painter.alpha]),
    )


def paint_passer_by(painter, rng):
    """Paints somebody who is in no split, a little nearer than the person."""
    identity = draw_identity(rng)
    view, phase, stride = (
        int(value) for value in rng.integers((0, 0, 6), (360, 360, 28))
    )
    pose = Pose(view, phase, stride, 8, identity.width / 100, 20)
    height, width = painter.labels.shape
    Figure(identity, pose, width / 2, height - 8, 250).paint(painter)


def draw_camera_occluders(rng, count):
    """The `count` fixed obstacles of one camera, each of another kind."""
    kinds = [kind for kind in KINDS if kind != "pedestrian"]
    chosen = rng.permutation(len(kinds))[:count]
    return [draw_occluder(kinds[int(k)], rng) for k in chosen]


def draw_wall():
    """A construction hoarding that can hide any part of anybody."""
    rng = np.random.default_rng(7)
    picture = np.full((300, 150, 3), 60, np.uint8)
    painter = Painter(picture, 225, rng)
    OBSTACLE_PAINTERS["crate"](painter, rng, (150, 116, 76), 300, 150)
    picture = np.dstack([picture, painter.alpha])
    return Occluder("crate", "left", 0, picture)
