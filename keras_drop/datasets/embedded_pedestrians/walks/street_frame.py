"""One frame of a street, and where everybody is in it."""

import dataclasses

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians.drawing.outline import ellipse
from keras_drop.datasets.embedded_pedestrians.drawing.painter import (
    Material,
    Painter,
)
from keras_drop.datasets.embedded_pedestrians.person.figure import Figure
from keras_drop.datasets.embedded_pedestrians.person.pose import Pose
from keras_drop.datasets.embedded_pedestrians.walks.passage import seen_at

# Around a body, as the pictures of the data set have it.
_MARGIN = 1.06
_STRIDE = 26


@dataclasses.dataclass(frozen=True)
class SeenPerson:
    """Somebody in a frame.

    Args:
        person: Number of the person.
        box: Left, top, right, bottom of the whole body, in pixels; hidden
            parts are in it, and it may reach beyond the frame.
        visibility: Share of the body's pixels that is in sight.
    """

    person: int
    box: tuple
    visibility: float


def draw_street_frame(street, passages, people, frame, seed):
    """Draws a frame.

    Args:
        street: `Street`.
        passages: `Passage`s through it.
        people: `Identity` of everybody, the first has the number 1.
        frame: Its number, from 1.
        seed: Whole number; on it the noise depends.

    Returns:
        `(height, width, 3)` uint8 RGB, and a list of `SeenPerson`.
    """
    image = street.background.copy()
    bodies, obstacles = [], list(street.obstacles)
    for passage in seen_at(passages, frame):
        while obstacles and obstacles[0].depth <= passage.depth:
            _hide(bodies, _paste(image, obstacles.pop(0)))
        identity = people[passage.person - 1]
        mask, box, size = _walker(image, street, passage, identity, frame, seed)
        _hide(bodies, mask)
        bodies.append((passage.person, box, mask, size))
    for obstacle in obstacles:
        _hide(bodies, _paste(image, obstacle))
    seen = [
        SeenPerson(person, box, np.count_nonzero(mask) / max(size, 1))
        for person, box, mask, size in bodies
    ]
    return _film(street.camera, image, [seed, 22, frame]), seen


def _walker(image, street, passage, identity, frame, seed):
    x, direction, phase = passage.at(frame)
    pose = Pose(
        view=(90 * direction + street.skew * direction) % 360,
        phase=phase,
        stride=_STRIDE,
        elevation=street.camera.elevation,
        width=identity.width / 100,
        bend=24,
    )
    scale = passage.scale * identity.height / 100
    # The same folds in every frame.
    rng = np.random.default_rng([seed, 23, passage.person])
    painter = Painter(image, scale, rng, street.camera.light)
    painter.shape(
        ellipse((x, passage.ground - 2), 0.3 * scale, 0.035 * scale),
        Material((40, 40, 44), folds=0),
        0,
        opacity=90,
    )
    Figure(identity, pose, x, passage.ground, scale).paint(painter)
    height = _MARGIN * scale
    bottom = passage.ground + 0.03 * scale
    box = x - height / 4, bottom - height, x + height / 4, bottom
    mask = painter.labels > 0
    # Beyond the edge nobody is hidden, but nobody is in sight either.
    inside = _share_inside(box, image.shape[1])
    return mask, box, np.count_nonzero(mask) / max(inside, 1e-3)


def _share_inside(box, width):
    left, _, right, _ = box
    return max(min(right, width) - max(left, 0), 0) / (right - left)


def _paste(image, obstacle):
    """Paints an obstacle; where it is solid, as a mask of the frame."""
    top, left = obstacle.corner
    rows, columns = obstacle.picture.shape[:2]
    low, high = max(left, 0), min(left + columns, image.shape[1])
    patch = obstacle.picture[max(-top, 0) :, low - left : high - left]
    patch = patch.astype(np.int32)
    area = slice(max(top, 0), top + rows), slice(low, high)
    old = image[area].astype(np.int32)
    alpha = patch[..., 3:]
    image[area] = old + ((patch[..., :3] - old) * alpha + 127) // 255
    mask = np.zeros(image.shape[:2], bool)
    mask[area] = patch[..., 3] > 127
    return mask


def _hide(bodies, mask):
    for _, _, body, _ in bodies:
        body &= ~mask


def _film(camera, image, seed):
    """Colours, blur and noise of the camera."""
    image = cv2.LUT(image, camera.curves)
    image = cv2.GaussianBlur(image, (5, 5), 0.4 + camera.blur / 10)
    strength = camera.noise
    noise = np.random.default_rng(seed).integers(
        -strength, strength + 1, (*image.shape[:2], 1), np.int16
    )
    return np.clip(image + noise, 0, 255).astype(np.uint8)
