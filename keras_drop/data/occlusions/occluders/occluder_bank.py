"""Occluders to paste, kept in memory."""

import warnings

import cv2
import numpy as np

from keras_drop.data.occlusions.scene.paste import premultiplied

MIN_AREA = 0.05


class OccluderBank:
    """Occluders with their alpha masks, drawn group by group.

    An occluder whose alpha covers less than 5 % of its box is rejected, with a
    warning that names it. Large ones are shrunk to `max_side`.

    Args:
        occluders: Iterable of `(RGB, alpha)`: `(h, w, 3)` uint8, and `(h, w)`
            uint8 from 0 to 255, floats from 0 to 1, or bool.
        names: Names of the occluders, for the warning; their numbers if left
            out.
        groups: For every occluder its group, any value. A group is drawn
            first, so that each counts alike however many occluders it has.
        max_side: Pixels of the longer side of what is kept. An occluder of
            256 x 128 takes 131 kB of memory.

    Attributes: `occluders`, a list of `(h, w, 4)` uint8 arrays of RGB
    multiplied by alpha, and alpha; `rejected`, a list of names.

    Raises:
        ValueError: Arrays that do not fit each other, or no occluder left.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import OccluderBank
    >>> image, alpha = np.full((8, 4, 3), 90, "uint8"), np.ones((8, 4))
    >>> bank = OccluderBank([(image, alpha), (image, alpha / 2)])
    >>> len(bank), bank.occluders[1][0, 0].tolist()
    (2, [45, 45, 45, 128])
    >>> bank.draw(np.random.default_rng(0)).shape
    (8, 4, 4)
    """

    def __init__(self, occluders, names=None, groups=None, max_side=256):
        self.occluders, self.rejected = [], []
        members = {}
        for number, (image, alpha) in enumerate(occluders):
            name = str(number) if names is None else str(names[number])
            image, alpha = _checked(image, alpha, name)
            if alpha.mean() < MIN_AREA * 255:
                self.rejected.append(name)
                continue
            group = 0 if groups is None else groups[number]
            members.setdefault(group, []).append(len(self.occluders))
            occluder = premultiplied(image, alpha)
            self.occluders.append(_shrunk(occluder, max_side))
        if self.rejected:
            warnings.warn(_rejection(self.rejected), stacklevel=2)
        if not self.occluders:
            raise ValueError(
                "There is no occluder to draw from: none was given, or the "
                f"alpha of all {len(self.rejected)} is below 5 % of their "
                "boxes."
            )
        self._groups = list(members.values())

    def __len__(self):
        return len(self.occluders)

    def draw(self, rng):
        """Draws an occluder: a group uniformly, and one of it uniformly.

        Args:
            rng: `numpy.random.Generator`.

        Returns:
            `(h, w, 4)` uint8, RGB multiplied by alpha, and alpha.
        """
        group = self._groups[rng.integers(len(self._groups))]
        return self.occluders[group[rng.integers(len(group))]]


def _checked(image, alpha, name):
    image, alpha = np.asarray(image), np.asarray(alpha)
    if image.dtype != np.uint8:
        image = np.clip(np.rint(image), 0, 255).astype("uint8")
    if alpha.dtype != np.uint8:
        alpha = np.rint(255 * alpha.astype("float32")).astype("uint8")
    if (
        image.ndim != 3
        or image.shape[2] != 3
        or image.shape[:2] != alpha.shape
        or not alpha.size
    ):
        raise ValueError(
            f"Occluder {name} has the shapes {image.shape} (RGB) and "
            f"{alpha.shape} (alpha); they should be (h, w, 3) and (h, w)."
        )
    return image, alpha


def _shrunk(occluder, max_side):
    height, width = occluder.shape[:2]
    if max(height, width) <= max_side:
        return occluder
    ratio = max_side / max(height, width)
    size = max(round(width * ratio), 1), max(round(height * ratio), 1)
    return cv2.resize(occluder, size, interpolation=cv2.INTER_AREA)


def _rejection(names):
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (
        f"{len(names)} occluders are left out, because their alpha covers "
        f"less than 5 % of the box: {', '.join(names[:5])}{more}."
    )
