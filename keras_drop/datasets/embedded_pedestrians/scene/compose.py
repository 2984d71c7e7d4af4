"""One picture: background, person, obstacle, camera."""

import dataclasses
import functools

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.drawing.outline import ellipse
from keras_drop.datasets.embedded_pedestrians.drawing.painter import (
    Material,
    Painter,
)
from keras_drop.datasets.embedded_pedestrians.person.figure import Figure
from keras_drop.datasets.embedded_pedestrians.person.pose import Pose
from keras_drop.datasets.embedded_pedestrians.scene.camera import draw_cameras
from keras_drop.datasets.embedded_pedestrians.scene.hiding import (
    hide,
    hide_region,
)
from keras_drop.densepose_parts import PART_NAMES

HEIGHT, WIDTH = 256, 128
# Grey levels by which clouds brighten or darken a place.
WEATHER = 6
VIEWS = (
    "front",
    "front_right",
    "right",
    "back_right",
    "back",
    "back_left",
    "left",
    "front_left",
)
BOX_ERRORS = ("none", "shifted", "loose", "feet_cut", "head_cut")
_BOX_ERROR_PERCENT = (70, 12, 8, 6, 4)


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture and the truth about it.

    Args:
        image: `(height, width, 3)` uint8 RGB.
        labels: `(height, width)` uint8, part numbers of what is visible.
        whole_labels: The same without the obstacle.
        view: One of `VIEWS`, the direction the person looks to.
        occluder: Kind of the obstacle, empty without one.
        box_error: One of `BOX_ERRORS`.
    """

    image: np.ndarray
    labels: np.ndarray
    whole_labels: np.ndarray
    view: str
    occluder: str
    box_error: str

    @property
    def occlusion(self):
        """Fraction of the person's pixels that the obstacle hides."""
        whole = np.count_nonzero(self.whole_labels)
        return 1 - np.count_nonzero(self.labels) / max(whole, 1)

    @property
    def visible_parts(self):
        """Visible fraction of each of the 14 parts; 0 for one out of view."""
        size = len(PART_NAMES) + 1
        seen = np.bincount(self.labels.ravel(), minlength=size)[1:]
        whole = np.bincount(self.whole_labels.ravel(), minlength=size)[1:]
        return seen / np.maximum(whole, 1)


def compose(task, person, seed):
    """Draws the `Picture` of a `Task` that shows the identity `person`.

    What depends on the obstacle is drawn from a stream of its own: the same
    picture with more or less of it has the same pose, box and background.
    """
    camera = draw_cameras(seed)[task.camera]
    rng = np.random.default_rng([seed, 3, task.index])
    image = _scene(camera, rng)
    painter, view, box_error = _person(camera, image, person, rng)
    whole, occluder = painter.labels, ""
    labels = whole
    if task.hidden is not None:
        hiding = np.random.default_rng([seed, 4, task.index])
        hidden = None
        if task.region:
            hidden = hide_region(image, whole, task.region, hiding)
        labels, occluder = hidden or hide(
            image, whole, camera.occluders, task.hidden, hiding
        )
    image, size = _film(camera, image, rng)
    return Picture(
        image=image,
        labels=_shrink_labels(labels, size),
        whole_labels=_shrink_labels(whole, size),
        view=view,
        occluder=occluder,
        box_error=box_error,
    )


def _scene(camera, rng):
    top, left = rng.integers(0, (33, 33))
    window = camera.background[top : top + HEIGHT, left : left + WIDTH]
    weather = int(rng.integers(-WEATHER, WEATHER + 1))
    return np.clip(window.astype(np.int16) + weather, 0, 255).astype(np.uint8)


def _person(camera, image, person, rng):
    turn = int(rng.integers(-12, 13)) + int(rng.integers(-12, 13))
    angle = (camera.heading + 180 * int(rng.integers(2)) + turn) % 360
    walks = rng.integers(5) > 0
    stride = int(rng.integers(14, 33) if walks else rng.integers(0, 6))
    pose = Pose(
        view=angle,
        phase=int(rng.integers(360)),
        stride=stride,
        elevation=camera.elevation,
        width=person.width / 100,
        bend=int(rng.integers(10, 46)),
    )
    box_error, x, ground, scale = _box(rng)
    scale = scale * person.height / 100
    painter = Painter(image, scale, rng, camera.light)
    reach = 0.20 + 0.004 * stride
    painter.shape(
        ellipse((x, ground - 3), reach * scale, 0.035 * scale),
        Material((40, 40, 44), folds=0),
        0,
        opacity=90,
    )
    Figure(person, pose, x, ground, scale).paint(painter)
    return painter, VIEWS[(angle + 22) % 360 // 45], box_error


def _box(rng):
    """What kind of box it is, where the person stands in it, how large."""
    ticket = int(rng.integers(100))
    kind = BOX_ERRORS[
        int(np.searchsorted(np.cumsum(_BOX_ERROR_PERCENT), ticket, "right"))
    ]
    x = WIDTH // 2 + int(rng.integers(-5, 6))
    ground = 248 + int(rng.integers(-3, 4))
    scale = int(rng.integers(230, 243))
    amount, side = int(rng.integers(12, 25)), int(rng.integers(2)) * 2 - 1
    if kind == "shifted":
        x += side * amount
    elif kind == "loose":
        scale, ground = scale * 80 // 100, ground - 20
    elif kind == "feet_cut":
        ground += 2 * amount
        scale = scale * 108 // 100
    elif kind == "head_cut":
        ground -= amount
        scale = scale * 104 // 100
    return kind, x, ground, scale


def _film(camera, image, rng):
    """Colours, blur, size and noise of the camera."""
    height = camera.height * int(rng.integers(88, 113)) // 100
    height = min(max(height, 64), 256)
    size = height // 2, height
    image = cv2.LUT(image, camera.curves)
    blur = camera.blur + 4 * HEIGHT / height
    if blur > 5:
        image = cv2.GaussianBlur(image, (5, 5), blur / 10)
    if height != HEIGHT:
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR_EXACT)
    top, left = rng.integers(0, 64, 2)
    noise = _noise()[top : top + height, left : left + size[0]]
    noise = noise * camera.noise + 32 >> 6
    return np.clip(image + noise, 0, 255).astype(np.uint8), size


@functools.cache
def _noise():
    """`(320, 192, 1)` int16, about normal with standard deviation 64."""
    rng = np.random.default_rng(20240002)
    parts = rng.integers(-64, 65, (3, 320, 192, 1), np.int16)
    return parts.sum(axis=0, dtype=np.int16)


def _shrink_labels(labels, size):
    """Nearest pixel, by integer arithmetic."""
    width, height = size
    rows = (2 * np.arange(height) + 1) * HEIGHT // (2 * height)
    columns = (2 * np.arange(width) + 1) * WIDTH // (2 * width)
    return labels[rows[:, None], columns[None, :]]
