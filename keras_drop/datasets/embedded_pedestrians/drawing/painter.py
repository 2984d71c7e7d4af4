"""`Painter`: shaded, labelled polygons in integer arithmetic.

Every pixel follows from integers and OpenCV's fixed-point polygon filling, so
that two machines draw the same picture.
"""

import functools
import itertools

import cv2
import numpy as np

UNIT = 1024  # cloth coordinates are counted in 1 / 1024 of a body height


class Material:
    """Colours and pattern of a surface.

    Args:
        colour: RGB triple.
        pattern: `"plain"`, `"striped"` or `"checked"`.
        second_colour: RGB triple of the pattern.
        period: Width of a stripe, in 1 / 1024 of a body height.
        folds: How strongly folds darken the cloth, 0 to 255.
    """

    def __init__(
        self, colour, pattern="plain", second_colour=None, period=26, folds=90
    ):
        self.pattern = pattern
        self.period = period
        self.folds = folds
        first = np.array(colour, np.int32)
        second = first if second_colour is None else np.array(second_colour)
        middle = (first + second) // 2
        self.colours = np.array([first, middle, second], np.int32)

    def paint(self, across, along):
        """`(height, width, 3)` or `(3,)` colours at cloth coordinates."""
        if self.pattern == "striped":
            return self.colours[(along // self.period & 1) * 2]
        if self.pattern == "checked":
            return self.colours[
                (across // self.period & 1) + (along // self.period & 1)
            ]
        return self.colours[0]


class Painter:
    """Draws shaded shapes over a picture and keeps their labels.

    Args:
        picture: `(height, width, 3)` uint8 RGB, painted on in place.
        pixels_per_height: Pixels of a whole body height.
        rng: Where the folds fall.
        light: -1 or 1, the side the light comes from.
    """

    def __init__(self, picture, pixels_per_height, rng, light=1):
        self.picture = picture
        self.scale = pixels_per_height
        self.labels = np.zeros(picture.shape[:2], np.uint8)
        self.alpha = np.zeros(picture.shape[:2], np.uint8)
        self._light = _light_table(light)
        self._offsets = itertools.cycle(rng.integers(0, 96, (64, 2)).tolist())

    def shape(self, points, material, label, axis=None, opacity=255):
        """Fills a polygon.

        Args:
            points: `(n, 2)` corners in pixels.
            material: A `Material`.
            label: Part number of the pixels, 0 to leave it unlabelled.
            axis: `(start, end, radius)` in pixels: the shape is shaded as a
                cylinder around it and the pattern follows it. Left out, the
                surface is flat.
            opacity: 0 to 255.
        """
        points = np.asarray(points, np.float64)
        fixed = np.floor(points * 16 + 0.5).astype(np.int32)
        low = np.maximum(fixed.min(axis=0) // 16 - 1, 0)
        high = fixed.max(axis=0) // 16 + 3
        height, width = self.labels.shape
        right, bottom = min(high[0], width), min(high[1], height)
        left, top = int(low[0]), int(low[1])
        if right <= left or bottom <= top:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillPoly(mask, [fixed - (left * 16, top * 16)], 255, cv2.LINE_AA, 4)
        colours = self._shaded(material, axis, left, top, right, bottom)
        area = slice(top, bottom), slice(left, right)
        weight = mask.astype(np.int32)
        if opacity < 255:
            weight = weight * opacity // 255
        old = self.picture[area].astype(np.int32)
        old += ((colours - old) * weight[..., None] + 127) // 255
        self.picture[area] = old
        alpha = self.alpha[area]
        np.maximum(alpha, mask, out=alpha)
        if label:
            self.labels[area][mask > 127] = label

    def _shaded(self, material, axis, left, top, right, bottom):
        rows, columns = bottom - top, right - left
        dx, dy = next(self._offsets)
        folds = _fold_noise()[dy : dy + rows, dx : dx + columns]
        if axis is None:
            across = np.arange(columns, dtype=np.int32)[None, :]
            along = np.arange(rows, dtype=np.int32)[:, None]
            per_pixel = int(UNIT * 256 / self.scale + 0.5)
            across, along = across * per_pixel >> 8, along * per_pixel >> 8
            light = 250
        else:
            across, along = self._cloth(axis, left, top, rows, columns)
            radius = max(axis[2] * UNIT / self.scale, 1.0)
            factor = int(128 * 256 / radius + 0.5)
            index = np.clip((across * factor >> 8) + 128, 0, 255)
            light = self._light[index]
        light = light + (folds * material.folds >> 8)
        colours = material.paint(across, along)
        return np.minimum(colours * light[..., None] >> 8, 255)

    def _cloth(self, axis, left, top, rows, columns):
        (ax, ay), (bx, by), _ = axis
        length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-3)
        tx, ty = (bx - ax) / length, (by - ay) / length
        nx, ny = (ty, -tx) if ty >= 0 else (-ty, tx)
        unit = UNIT / self.scale
        x = np.arange(columns, dtype=np.int32)[None, :]
        y = np.arange(rows, dtype=np.int32)[:, None]

        def project(vx, vy):
            start = ((left - ax) * vx + (top - ay) * vy) * unit
            fx, fy, f0 = (
                int(np.floor(value * 256 + 0.5))
                for value in (vx * unit, vy * unit, start)
            )
            return x * fx + y * fy + f0 >> 8

        return project(nx, ny), project(tx, ty)


@functools.cache
def _light_table(light):
    """Brightness, 256 for full, at 256 places across a lit cylinder."""
    place = (np.arange(256) - 127.5) / 128
    facing = np.sqrt(1 - place**2) * 0.86 + place * 0.5 * light
    return np.floor(148 + 122 * np.maximum(facing, 0)).astype(np.int32)


@functools.cache
def _fold_noise():
    """`(480, 480)` int32 around 0: smooth, longer than wide."""
    rng = np.random.default_rng(20240001)
    noise = np.zeros((480, 480), np.int32)
    for cells, weight in (((24, 40), 5), ((60, 96), 3)):
        coarse = rng.integers(0, 256, cells).astype(np.uint8)
        fine = cv2.resize(
            coarse, (480, 480), interpolation=cv2.INTER_LINEAR_EXACT
        )
        noise += (fine.astype(np.int32) - 128) * weight
    return noise // 8
